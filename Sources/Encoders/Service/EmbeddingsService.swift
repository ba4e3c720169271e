package import HTTP
import JSON
package import Support

/// A sentence encoder behind an OpenAI-compatible service: `POST …/embeddings` with `{"model": …, "input": […]}`.
///
/// `encode` blocks the calling thread until the service has answered or the deadline is over; the requests themselves run
/// on the HTTP client's own thread.
package final class EmbeddingsService: SentenceEncoder {
  /// Sends one request and waits for the answer.
  package typealias Send = @Sendable (HTTPRequest) throws(HTTPError) -> HTTPResponse

  package let name: String
  package let version: String
  package let dimension: Int
  package let languages: Set<String>
  private let configuration: EmbeddingsConfiguration
  private let send: Send
  private let pause: @Sendable (Duration) -> Void
  private let elapsed: @Sendable () -> Duration

  /// Asks the service for one vector, to learn how long its vectors are.
  /// - Parameters:
  ///   - send: `HTTPClient.sendAndWait`.
  ///   - pause: lets the thread sleep.
  ///   - elapsed: a clock that only goes forwards.
  /// - Throws: `SentenceEncoderError`.
  package static func connect(
    _ configuration: EmbeddingsConfiguration, send: @escaping Send, pause: @escaping @Sendable (Duration) -> Void,
    elapsed: @escaping @Sendable () -> Duration
  ) throws(SentenceEncoderError) -> EmbeddingsService {
    let unknown = EmbeddingsService(configuration, dimension: 0, send: send, pause: pause, elapsed: elapsed)
    let vectors = try unknown.vectors(["hello"], expecting: nil, until: elapsed() + configuration.deadline)
    return EmbeddingsService(
      configuration, dimension: vectors.first?.count ?? 0, send: send, pause: pause, elapsed: elapsed)
  }

  private init(
    _ configuration: EmbeddingsConfiguration, dimension: Int, send: @escaping Send,
    pause: @escaping @Sendable (Duration) -> Void, elapsed: @escaping @Sendable () -> Duration
  ) {
    self.configuration = configuration
    self.name = "service:\(configuration.model)"
    self.version = "\(Self.server(of: configuration.baseURL)) \(configuration.model) \(dimension)"
    self.dimension = dimension
    self.languages = configuration.languages
    self.send = send
    self.pause = pause
    self.elapsed = elapsed
  }

  package func encode(_ texts: [String]) throws -> [[Float]] {
    let end = elapsed() + configuration.deadline
    var vectors: [[Float]] = []
    vectors.reserveCapacity(texts.count)
    for start in stride(from: 0, to: texts.count, by: configuration.batchSize) {
      let batch = texts[start..<min(start + configuration.batchSize, texts.count)]
      vectors += try self.vectors(Array(batch), expecting: dimension, until: end)
    }
    return vectors
  }

  private func vectors(
    _ texts: [String], expecting dimension: Int?, until end: Duration
  ) throws(SentenceEncoderError) -> [[Float]] {
    // Many services turn an empty text away.
    let input = texts.map { text in
      let cut = text.prefix(configuration.longestText)
      return JSONValue.string(cut.allSatisfy(\.isWhitespace) ? "." : String(cut))
    }
    let body: JSONValue = ["model": .string(configuration.model), "input": .array(input)]
    let response = try answer(to: body.serializedBytes(), until: end)
    do throws(EmbeddingsReply.Problem) {
      return try EmbeddingsReply.vectors(response.body, count: texts.count, dimension: dimension)
    } catch {
      throw problem(error.words + "; check its address and the model's name", isRetriable: false)
    }
  }

  /// Asks, and asks again where the service says that it is busy or broken for the moment.
  private func answer(to body: [UInt8], until end: Duration) throws(SentenceEncoderError) -> HTTPResponse {
    var repetition = 0
    while true {
      let left = end - elapsed()
      guard left > .zero else { throw problem("did not answer in time", isRetriable: true) }
      let failure: SentenceEncoderError
      var wait = Duration.milliseconds(200 << min(repetition, 6))
      do throws(HTTPError) {
        let response = try send(request(body, timeout: left))
        if response.status == 200 { return response }
        failure = refusal(response.status)
        if let asked = response.headers["Retry-After"].flatMap(Self.seconds) { wait = asked }
      } catch {
        failure = SentenceEncoderError(
          "the embeddings service: \(error.description)", isRetriable: error.isRetriable)
      }
      guard failure.isRetriable, repetition < configuration.repetitions else { throw failure }
      repetition += 1
      wait = min(wait, configuration.longestPause)
      guard elapsed() + wait < end else { throw failure }
      pause(wait)
    }
  }

  private func request(_ body: [UInt8], timeout: Duration) -> HTTPRequest {
    var headers: HTTPHeaders = ["Content-Type": "application/json", "Accept": "application/json"]
    if let key = configuration.key { headers["Authorization"] = "Bearer \(key.text)" }
    let base = configuration.baseURL.hasSuffix("/") ? configuration.baseURL.dropLast() : configuration.baseURL[...]
    return HTTPRequest(
      .post, url: "\(base)/embeddings", headers: headers, body: body, timeout: timeout,
      connectTimeout: min(timeout, .seconds(5)), stallTimeout: timeout, maximumResponseBody: 64 << 20)
  }

  private func refusal(_ status: Int) -> SentenceEncoderError {
    switch status {
    case 401, 403: problem("answered \(status): check its key", isRetriable: false)
    case 404: problem("answered 404: check its address and the model's name", isRetriable: false)
    case 413: problem("answered 413: send fewer texts at once", isRetriable: false)
    case 408, 425, 429: problem("answered \(status): it is asked too often", isRetriable: true)
    case 500...599: problem("answered \(status); its log may say more", isRetriable: true)
    case 300...399: problem("answered \(status): redirects are not followed, set the new address", isRetriable: false)
    default: problem("answered \(status): check its address and the model's name", isRetriable: false)
    }
  }

  private func problem(_ words: String, isRetriable: Bool) -> SentenceEncoderError {
    SentenceEncoderError(
      "the embeddings service \(Self.server(of: configuration.baseURL)) \(words)", isRetriable: isRetriable)
  }

  /// Seconds; the form with a date counts as not given.
  private static func seconds(_ header: String) -> Duration? {
    guard let seconds = Double(header), seconds.isFinite, seconds >= 0 else { return nil }
    return .seconds(min(seconds, 3600))
  }

  /// Without path, query or anything before an `@`, any of which can hold a secret.
  private static func server(of url: String) -> String {
    let rest = url.drop { $0 != "/" }.drop { $0 == "/" }
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    return String(authority.split(separator: "@").last ?? "")
  }
}
