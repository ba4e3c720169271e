import Foundation
import HTTP
import JSON
import Support
import Synchronization
import TestSupport

@testable import Channels

final class WebhookInTest: ChatServerInTest {
  private let server: WebhookServer
  private let http: HTTPClient
  private let url: String
  private let failure: FailureSwitch
  private let count = Mutex(0)
  let polls: Tally

  init() async throws {
    let (failure, polls) = (FailureSwitch(), Tally())
    self.failure = failure
    self.polls = polls
    server = WebhookServer(pageSize: 100) { _ in
      true
    } fault: { request in
      if request.path == "/messages" { polls.add() }
      return failure.answer(
        revoked: .json("{}", status: 401), limited: .respond(status: 429, headers: [("Retry-After", "2")]))
    }
    url = try await server.start()
    http = try HTTPClient()
  }

  func stop() async {
    await http.shutdown()
    await server.stop()
  }

  func client() throws -> any Support.Channel {
    var settings = WebhookSettings(url: url + "/messages", replyURL: url + "/replies", waitSeconds: 30)
    settings.ignoredSenders = ["bot", "other-bot"]
    return try WebhookChannel(
      name: "webhook", settings: settings,
      secrets: SecretReader(environment: [:], folder: URL(filePath: "/nonexistent")),
      http: http, now: { MatrixBench.now })
  }

  private func put(_ text: String, sender: String, time: String = "2026-11-18T08:00:00Z", _ more: JSONObject = [:])
    -> String
  {
    let id = count.withLock { count in
      count += 1
      return "m\(count)"
    }
    let message = IncomingMessage(id: id, conversation: "room", senderID: sender, text: text, time: time)
    var object = message.json.object ?? [:]
    for field in more { object[field.key] = field.value }
    server.enqueue([.object(object)])
    return id
  }

  func say(_ text: String, by sender: Speaker) -> String {
    let id =
      switch sender {
      case .person: "anna"
      case .anotherPerson: "ben"
      case .itself: "bot"
      case .anotherBot: "other-bot"
      }
    return put(text, sender: id)
  }

  func say(_ text: String, at milliseconds: Int) { _ = put(text, sender: "anna", ["time": .integer(milliseconds)]) }

  func edit(_ message: String, to text: String) -> Void? {
    _ = put(text, sender: "anna", ["edit_of": .string(message)])
    return ()
  }
  func delete(_ message: String) -> Void? { nil }
  func react(to message: String, isHelpful: Bool) -> Void? { nil }

  func shown() -> [ShownReply] {
    server.replies().map { ShownReply(text: $0.text, markup: nil, inReplyTo: $0.inReplyTo) }
  }

  func fail(_ failure: ServerFailure) { self.failure.set(failure) }
  func recover() { failure.set(nil) }
}

/// What goes wrong at the moment.
final class FailureSwitch: Sendable {
  private let failure = Mutex<ServerFailure?>(nil)

  func set(_ new: ServerFailure?) { failure.withLock { $0 = new } }

  var isOn: Bool { failure.withLock { $0 != nil } }

  func answer(revoked: Responder.Answer, limited: Responder.Answer) -> Responder.Answer? {
    switch failure.withLock({ $0 }) {
    case nil: nil
    case .away: .respond(status: 502, body: Array("<html>Bad gateway</html>".utf8))
    case .credentialsRevoked: revoked
    case .rateLimited: limited
    case .wrongJSON: .json("{\"messages\": [")
    case .reset: .reset
    case .endsEarly: .endEarly(announced: 1_000, sent: Array("{\"".utf8))
    }
  }
}
