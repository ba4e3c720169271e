import Foundation
import HTTP
import JSON
import Support
import TestSupport

@testable import Channels

final class SlackInTest: ChatServerInTest {
  private let bench: SlackBench
  private let failure = FailureSwitch()

  init() async throws { bench = SlackBench(fake: try await FakeSlack(), http: try HTTPClient()) }

  var polls: Tally { bench.fake.polls }

  func stop() async {
    await bench.http.shutdown()
    await bench.fake.stop()
    bench.fake.checkContract()
  }

  func client() throws -> any Support.Channel { try bench.client() }

  private func id(_ ts: String) -> String { "\(FakeSlack.room):\(ts)" }

  private func ts(_ id: String) -> String { id.split(separator: ":").last.map(String.init) ?? "" }

  func say(_ text: String, by sender: Speaker) -> String {
    let ts =
      switch sender {
      case .person: bench.fake.say(text)
      case .anotherPerson: bench.fake.say(text, by: "U0BEN")
      case .itself: bench.fake.say(text, by: FakeSlack.bot, with: ["bot_id": .string(FakeSlack.botID)])
      case .anotherBot: bench.fake.say(text, by: "U0BEEP", with: ["bot_id": "B0BEEP"])
      }
    return id(ts)
  }

  func say(_ text: String, at milliseconds: Int) { bench.fake.say(text) }

  func turnClock(by seconds: TimeInterval) { bench.time.advance(by: seconds) }

  func edit(_ message: String, to text: String) -> Void? { bench.fake.edit(ts(message), to: text) }

  func delete(_ message: String) -> Void? { bench.fake.delete(ts(message)) }

  func react(to message: String, isHelpful: Bool) -> Void? {
    // What people think of each other's messages is not told.
    guard bench.fake.shown().contains(where: { $0["ts"]?.string == ts(message) }) else { return nil }
    bench.fake.react(isHelpful ? "+1" : "-1", to: ts(message))
    return ()
  }

  func shown() -> [ShownReply] {
    bench.fake.shown().map { message in
      let markup = message["text"]?.string ?? ""
      return ShownReply(
        text: SlackText.plain(markup, bot: FakeSlack.bot), markup: markup,
        inReplyTo: message["thread_ts"]?.string.map(id))
    }
  }

  func holdPolls() { bench.fake.failAlways(.hang, ["conversations.history"]) }

  func fail(_ failure: ServerFailure) {
    self.failure.set(failure)
    let answer = self.failure.answer(
      revoked: FakeSlack.error("token_revoked"),
      limited: .json("{\"ok\":false,\"error\":\"ratelimited\"}", status: 429, headers: [("Retry-After", "2")]))
    if let answer { bench.fake.failAlways(answer, ["*"]) }
  }

  func recover() { bench.fake.recover() }
}
