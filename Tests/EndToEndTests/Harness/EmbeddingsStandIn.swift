import JSON
import TestSupport

/// An embeddings service that counts letters: texts that are written alike get vectors that are alike.
final class EmbeddingsStandIn: Sendable {
  static let key = "e2e-embeddings-key-51c0"

  let requests = Watched<[RecordedRequest]>([])
  let base: String
  private let server: LoopbackServer

  init() async throws {
    server = try await LoopbackServer { [requests] request, responder in
      requests.update { $0.append(request) }
      responder.answer(Self.answer(request))
    }
    base = server.baseURL
  }

  /// Settings with this service as the only encoder.
  var settings: String {
    """
    chat: {enabled: false}
    matching: {encoders: [{service: {url: '\(base)/v1', model: m, key: {env: EMBEDDINGS_KEY}}}]}

    """
  }

  /// What it was asked for, in order.
  var texts: [String] { requests.value.flatMap(Self.texts) }

  func stop() async { await server.stop() }

  private static func answer(_ request: RecordedRequest) -> Responder.Answer {
    guard request.header("Authorization") == "Bearer \(key)" else { return .json("{}", status: 401) }
    let data = texts(request).enumerated().map { place, text -> JSONValue in
      var counts = [Double](repeating: 0.01, count: 26)
      for byte in text.lowercased().utf8 where (0x61...0x7A).contains(byte) { counts[Int(byte - 0x61)] += 1 }
      return ["index": .integer(place), "embedding": .array(counts.map { .number($0) })]
    }
    return .json((["data": .array(data)] as JSONValue).serialized())
  }

  private static func texts(_ request: RecordedRequest) -> [String] {
    (try? JSONValue.parse(request.body))?["input"]?.array?.compactMap(\.string) ?? []
  }
}
