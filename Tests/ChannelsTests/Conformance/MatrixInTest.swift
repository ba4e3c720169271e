import Foundation
import HTTP
import JSON
import Support
import TestSupport

@testable import Channels

final class MatrixInTest: ChatServerInTest {
  private let server: FakeHomeserver
  private let http: HTTPClient
  private let failure: FailureSwitch

  init() async throws {
    let failure = FailureSwitch()
    self.failure = failure
    server = try await FakeHomeserver { _ in
      failure.answer(
        revoked: FakeHomeserver.refuse(401, "M_UNKNOWN_TOKEN"),
        limited: FakeHomeserver.refuse(429, "M_LIMIT_EXCEEDED", ["retry_after_ms": 2_000]))
    }
    http = try HTTPClient()
    server.setMembers(["@anna:example.org", "@ben:example.org", FakeHomeserver.bot])
  }

  var polls: Tally { server.syncs }

  func stop() async {
    await http.shutdown()
    await server.stop()
  }

  func client() throws -> any Support.Channel {
    let settings = MatrixSettings(
      homeserver: server.baseURL, user: FakeHomeserver.bot, authentication: .accessToken(.environment("TOKEN")),
      groups: .always)
    let folder = URL(filePath: "/nonexistent")
    return try MatrixChannel(
      name: "matrix", settings: settings, secrets: SecretReader(environment: ["TOKEN": "token"], folder: folder),
      folder: folder, http: http, now: { MatrixBench.now })
  }

  func say(_ text: String, by sender: Speaker) -> String {
    switch sender {
    case .person: server.say(text)
    case .anotherPerson: server.say(text, by: "@ben:example.org")
    case .itself: server.say(text, by: FakeHomeserver.bot)
    case .anotherBot: server.say(text, by: "@ben:example.org", also: ["msgtype": "m.notice"])
    }
  }

  func say(_ text: String, at milliseconds: Int) {
    server.put(
      "m.room.message", content: ["msgtype": "m.text", "body": .string(text)],
      top: ["origin_server_ts": .integer(milliseconds)])
  }

  func edit(_ message: String, to text: String) -> Void? {
    server.say("* " + text, also: MatrixReadingTests.edit(message, text))
    return ()
  }

  func delete(_ message: String) -> Void? {
    server.put("m.room.redaction", content: ["redacts": .string(message)])
    return ()
  }

  func react(to message: String, isHelpful: Bool) -> Void? {
    server.put(
      "m.reaction",
      content: [
        "m.relates_to": [
          "rel_type": "m.annotation", "event_id": .string(message), "key": isHelpful ? "👍" : "👎",
        ]
      ])
    return ()
  }

  func shown() -> [ShownReply] {
    server.events(of: FakeHomeserver.bot).map { event in
      let content = event["content"]
      return ShownReply(
        text: content?["body"]?.string ?? "", markup: content?["formatted_body"]?.string,
        inReplyTo: content?["m.relates_to"]?["m.in_reply_to"]?["event_id"]?.string)
    }
  }

  func fail(_ failure: ServerFailure) { self.failure.set(failure) }
  func recover() { failure.set(nil) }
}
