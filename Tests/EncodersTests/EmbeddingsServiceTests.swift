import HTTP
import JSON
import Support
import Synchronization
import Testing

@testable import Encoders

@Suite struct EmbeddingsServiceTests {
  /// A service whose answers are set in advance, and a clock that only pauses move.
  final class Service: Sendable {
    let requests = Mutex<[HTTPRequest]>([])
    let answers: Mutex<[Result<HTTPResponse, HTTPError>]>
    let now = Mutex(Duration.zero)

    init(_ answers: [Result<HTTPResponse, HTTPError>]) { self.answers = Mutex(answers) }

    func connect(_ change: (inout EmbeddingsConfiguration) -> Void = { _ in }) throws -> EmbeddingsService {
      var configuration = EmbeddingsConfiguration(
        baseURL: "https://user:secret@models.example/v1/", model: "m", key: .init("k-123"), batchSize: 2)
      change(&configuration)
      return try EmbeddingsService.connect(
        configuration,
        send: { request throws(HTTPError) in
          self.requests.withLock { $0.append(request) }
          let answer = self.answers.withLock { $0.isEmpty ? nil : $0.removeFirst() }
          return try (answer ?? .failure(HTTPError(.reset, "no more answers", isRetriable: false))).get()
        }, pause: { wait in self.now.withLock { $0 += wait } }, elapsed: { self.now.withLock { $0 } })
    }
  }

  static func good(_ vectors: [[Double]], reversed: Bool = false) -> Result<HTTPResponse, HTTPError> {
    var items = vectors.enumerated().map { index, vector -> JSONValue in
      ["index": .integer(index), "embedding": .array(vector.map { .number($0) })]
    }
    if reversed { items.reverse() }
    return .success(HTTPResponse(status: 200, body: JSONValue.object(["data": .array(items)]).serializedBytes()))
  }

  static func status(_ status: Int, retryAfter: String? = nil) -> Result<HTTPResponse, HTTPError> {
    .success(HTTPResponse(status: status, headers: retryAfter.map { ["Retry-After": $0] } ?? [:]))
  }

  @Test func `vectors come in the order of the texts, of length 1, in batches`() throws {
    let service = Service([
      Self.good([[1, 0]]), Self.good([[3, 4], [0, 2]], reversed: true), Self.good([[-5, 0]]),
    ])
    let encoder = try service.connect()
    #expect(encoder.dimension == 2)
    #expect(try encoder.encode(["a", "b", "  "]) == [[0.6, 0.8], [0, 1], [-1, 0]])
    let requests = service.requests.withLock { $0 }
    #expect(requests.map(\.url).allSatisfy { $0 == "https://user:secret@models.example/v1/embeddings" })
    #expect(requests[0].headers["Authorization"] == "Bearer k-123")
    let last = try JSONValue.parse(requests[2].body ?? [])
    #expect(last["input"] == ["."])
    #expect(last["model"] == "m")
    #expect(try encoder.encode([]).isEmpty)
  }

  @Test(arguments: [
    ("no JSON", "nonsense"), ("no list", "{}"), ("too few", #"{"data":[]}"#),
    ("no index", #"{"data":[{"embedding":[1,0]}]}"#),
    ("index of no text", #"{"data":[{"index":1,"embedding":[1,0]}]}"#),
    ("negative index", #"{"data":[{"index":-1,"embedding":[1,0]}]}"#),
    ("no vector", #"{"data":[{"index":0}]}"#), ("base64", #"{"data":[{"index":0,"embedding":"AACAPw=="}]}"#),
    ("not a number", #"{"data":[{"index":0,"embedding":[1,null]}]}"#),
    ("words for numbers", #"{"data":[{"index":0,"embedding":["NaN",1]}]}"#),
    ("huge", #"{"data":[{"index":0,"embedding":[1e300,1]}]}"#), ("zeros", #"{"data":[{"index":0,"embedding":[0,0]}]}"#),
    ("another dimension", #"{"data":[{"index":0,"embedding":[1,0,0]}]}"#),
    ("empty", #"{"data":[{"index":0,"embedding":[]}]}"#),
  ])
  func `an answer that is wrong is an error that names the server, no secret and no text`(name: String, body: String)
    throws
  {
    let encoder = try Service([
      Self.good([[1, 0]]), .success(HTTPResponse(status: 200, body: Array(body.utf8))),
    ]).connect()
    do {
      _ = try encoder.encode(["private words"])
      Issue.record("took it")
    } catch {
      let error = try #require(error as? SentenceEncoderError)
      #expect(error.description.contains("models.example"))
      for secret in ["secret", "k-123", "private"] { #expect(!error.description.contains(secret)) }
      #expect(!error.isRetriable)
    }
  }

  @Test func `two vectors for one text are refused`() {
    let body = #"{"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]}"#
    #expect(throws: EmbeddingsReply.Problem.self) {
      try EmbeddingsReply.vectors(Array(body.utf8), count: 2, dimension: nil)
    }
  }

  @Test(arguments: [(429, "1"), (503, nil), (500, "garbage"), (429, "86400"), (429, "-3")] as [(Int, String?)])
  func `a busy service is asked again after a bounded pause`(status: Int, retryAfter: String?) throws {
    let service = Service([Self.good([[1, 0]]), Self.status(status, retryAfter: retryAfter), Self.good([[0, 1]])])
    let encoder = try service.connect()
    #expect(try encoder.encode(["a"]) == [[0, 1]])
    #expect(service.now.withLock { $0 } <= .seconds(2))
  }

  @Test func `a service that stays busy is given up, and the error says so`() throws {
    let service = Service([Self.good([[1, 0]])] + (0..<9).map { _ in Self.status(429, retryAfter: "1") })
    let encoder = try service.connect()
    let error = #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) }
    #expect(error?.isRetriable == true)
    #expect(service.requests.withLock { $0.count } == 4)
  }

  @Test(arguments: [400, 401, 403, 404, 413, 301]) func `a refusal is not repeated`(status: Int) throws {
    let service = Service([Self.good([[1, 0]]), Self.status(status)])
    let encoder = try service.connect()
    let error = #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) }
    #expect(error?.isRetriable == false)
    #expect(service.requests.withLock { $0.count } == 2)
  }

  @Test func `no pause goes past the deadline`() throws {
    let service = Service([Self.good([[1, 0]]), Self.status(503), Self.status(503), Self.good([[1, 0]])])
    let encoder = try service.connect { $0.deadline = .milliseconds(300) }
    #expect(throws: SentenceEncoderError.self) { try encoder.encode(["a"]) }
    #expect(service.now.withLock { $0 } < .milliseconds(300))
  }

  @Test func `a service that is not there fails to connect`() {
    let service = Service([.failure(HTTPError(.cannotConnect, "models.example cannot be reached", isRetriable: false))])
    #expect(throws: SentenceEncoderError.self) { try service.connect() }
  }

  @Test func `a key shows itself to nobody`() {
    let configuration = EmbeddingsConfiguration(baseURL: "https://x", model: "m", key: .init("k-123"))
    #expect(!String(reflecting: configuration).contains("k-123"))
    var dumped = ""
    dump(configuration, to: &dumped)
    #expect(!dumped.contains("k-123"))
  }
}
