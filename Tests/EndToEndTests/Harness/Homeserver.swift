import Foundation
import HTTP
import JSON
import Testing

/// A real homeserver that a test starts for itself, on a free port of this machine, and people who talk on it.
final class Homeserver: Sendable {
  let base: String
  private let folder: URL

  private static let script = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "scripts/synapse")

  /// Why no homeserver can be had here; nil where one can.
  static let missing: String? = {
    guard let (code, errors) = try? run(["install"]) else { return "scripts/synapse cannot be run." }
    return code == 0 ? nil : errors
  }()

  static func with(_ body: (Homeserver) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "synapse-\(UUID().uuidString)")
    let port = try freePort()
    let (code, errors) = try await ended("start", folder.path(percentEncoded: false), "\(port)")
    try #require(code == 0, "\(errors)")
    let server = Homeserver(base: "http://127.0.0.1:\(port)", folder: folder)
    let result: Result<Void, any Error>
    do {
      result = .success(try await body(server))
    } catch {
      result = .failure(error)
    }
    _ = try? await ended("stop", folder.path(percentEncoded: false))
    try? FileManager.default.removeItem(at: folder)
    try result.get()
  }

  private init(base: String, folder: URL) {
    self.base = base
    self.folder = folder
  }

  /// Away, and there again.
  func stop() async throws { _ = try await Self.ended("stop", folder.path(percentEncoded: false)) }
  func start() async throws {
    let port = base.split(separator: ":").last.map(String.init) ?? ""
    let (code, errors) = try await Self.ended("start", folder.path(percentEncoded: false), port)
    try #require(code == 0, "\(errors)")
  }

  func person(_ name: String) async throws -> Person {
    let (code, errors) = try await Self.ended("user", folder.path(percentEncoded: false), name, "pw-\(name)")
    try #require(code == 0, "\(errors)")
    var person = Person(base: base, name: "@\(name):localhost", token: nil)
    let answer = try await person.ask(
      "POST", "/login",
      [
        "type": "m.login.password", "identifier": ["type": "m.id.user", "user": .string(name)],
        "password": .string("pw-\(name)"),
      ])
    person.token = answer["access_token"]?.string
    return person
  }

  /// Where waiting blocks nobody.
  private static func ended(_ arguments: String...) async throws -> (code: Int32, errors: String) {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try run(arguments) }) }
    }
  }

  /// Not by Foundation's `Process`, which learns of an end by a connection that every process started meanwhile inherits,
  /// and which has been seen to wait for ever in a run of all tests.
  private static func run(_ arguments: [String]) throws -> (code: Int32, errors: String) {
    let errors = FileManager.default.temporaryDirectory.appending(path: "synapse-\(UUID().uuidString).log")
    defer { try? FileManager.default.removeItem(at: errors) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errors.path(percentEncoded: false), O_WRONLY | O_CREAT, 0o600)
    let path = script.path(percentEncoded: false)
    var words = ([path] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    var pid: pid_t = 0
    let failure = posix_spawn(&pid, path, &actions, nil, &words, environ)
    guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .ENOENT) }
    var status: Int32 = 0
    while waitpid(pid, &status, 0) == -1, errno == EINTR {}
    // The code where it ended by itself, minus the signal where one ended it.
    let code = status & 0x7f == 0 ? (status >> 8) & 0xff : -(status & 0x7f)
    return (code, (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
  }

  private static func freePort() throws -> UInt16 {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0
      }
    }
    try #require(isBound)
    return UInt16(bigEndian: address.sin_port)
  }
}

/// Somebody with an account.
struct Person: Sendable {
  let base: String
  let name: String
  var token: String?

  private static let client = Result { try HTTPClient() }

  private static func escaped(_ path: String) -> String {
    path.addingPercentEncoding(withAllowedCharacters: .urlQueryAllowed.subtracting(CharacterSet(charactersIn: "!$:")))
      ?? path
  }

  func ask(_ method: String, _ path: String, _ body: JSONValue? = nil) async throws -> JSONValue {
    var headers: HTTPHeaders = ["Content-Type": "application/json"]
    if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
    let request = HTTPRequest(
      HTTPRequest.Method(rawValue: method) ?? .get, url: base + "/_matrix/client/v3" + Self.escaped(path),
      headers: headers, body: body?.serializedBytes(), timeout: .seconds(60), stallTimeout: .seconds(60))
    let response = try await Self.client.get().send(request)
    try #require(
      response.status == 200, "\(path.prefix(40)): \(String(decoding: response.body.prefix(300), as: UTF8.self))")
    return try JSONValue.parse(response.body)
  }

  func room(inviting others: [Person], isDirect: Bool = false) async throws -> String {
    let answer = try await ask(
      "POST", "/createRoom",
      ["preset": "private_chat", "is_direct": .bool(isDirect), "invite": .array(others.map { .string($0.name) })])
    return try #require(answer["room_id"]?.string)
  }

  @discardableResult
  func say(_ text: String, in room: String, also fields: JSONObject = [:]) async throws -> String {
    var content: JSONObject = ["msgtype": "m.text", "body": .string(text)]
    for field in fields { content[field.key] = field.value }
    return try await put("send/m.room.message", .object(content), in: room)
  }

  @discardableResult
  func put(_ what: String, _ content: JSONValue, in room: String) async throws -> String {
    let answer = try await ask("PUT", "/rooms/\(room)/\(what)/\(UUID().uuidString)", content)
    return try #require(answer["event_id"]?.string)
  }

  /// All that was ever said in a room, oldest first.
  func history(of room: String) async throws -> [JSONValue] {
    var events: [JSONValue] = []
    var from = ""
    while true {
      let page = try await ask("GET", "/rooms/\(room)/messages?dir=f&limit=500\(from)")
      let chunk = page["chunk"]?.array ?? []
      events += chunk
      guard let end = page["end"]?.string, !chunk.isEmpty else { return events }
      from = "&from=\(end)"
    }
  }

  /// Waits until the room's history is as it should be.
  func wait(
    for room: String, within limit: Duration = .seconds(60), until isThere: ([JSONValue]) -> Bool
  ) async throws -> [JSONValue] {
    let end = ContinuousClock.now + limit
    while true {
      let events = try await history(of: room)
      if isThere(events) || ContinuousClock.now > end { return events }
      // A real server in another process: there is nothing to be woken by.
      try await Task.sleep(for: .milliseconds(200))
    }
  }
}
