import Foundation
import HTTP
import JSON
import Support
import TestSupport

@testable import Channels

final class LarkInTest: ChatServerInTest {
  private let bench: LarkBench
  private let failure = FailureSwitch()

  init() async throws { bench = LarkBench(fake: try await FakeLark(), http: try HTTPClient()) }

  var polls: Tally { bench.fake.polls }

  func stop() async {
    await bench.http.shutdown()
    await bench.fake.stop()
    bench.fake.checkContract()
  }

  func client() throws -> any Support.Channel { try bench.client() }

  func say(_ text: String, by sender: Speaker) -> String {
    switch sender {
    case .person: bench.fake.say(text)
    case .anotherPerson: bench.fake.say(text, by: "ou_ben")
    case .itself:
      bench.fake.say(text, with: ["sender": ["id": .string(FakeLark.app), "id_type": "app_id", "sender_type": "app"]])
    case .anotherBot:
      bench.fake.say(text, with: ["sender": ["id": "cli_beep", "id_type": "app_id", "sender_type": "app"]])
    }
  }

  func say(_ text: String, at milliseconds: Int) { bench.fake.say(text) }

  func turnClock(by seconds: TimeInterval) { bench.time.advance(by: seconds) }

  func edit(_ message: String, to text: String) -> Void? { bench.fake.edit(message, to: text) }

  func delete(_ message: String) -> Void? { bench.fake.recall(message) }

  func react(to message: String, isHelpful: Bool) -> Void? {
    // What people think of each other's messages is not told.
    guard bench.fake.shown().contains(where: { $0.id == message }) else { return nil }
    bench.fake.change(message) { $0.reactions.append(("r1", "ou_anna", isHelpful ? "THUMBSUP" : "ThumbsDown")) }
    return ()
  }

  func shown() -> [ShownReply] {
    bench.fake.shown().map { post in
      let content = try? JSONValue.parse(post.value["body"]?["content"]?.string ?? "")
      let answered = post.value["parent_id"]?.string
      guard let markup = content?["elements"]?[0]?["content"]?.string else {
        return ShownReply(text: content?["text"]?.string ?? "", markup: nil, inReplyTo: answered)
      }
      return ShownReply(text: StyledText(markdown: markup).text, markup: markup, inReplyTo: answered)
    }
  }

  func holdPolls() { bench.fake.failAlways(.hang, "im/v1/messages") }

  func fail(_ failure: ServerFailure) {
    self.failure.set(failure)
    let answer = self.failure.answer(
      revoked: FakeLark.error(99_991_663),
      limited: .json("{\"code\":99991400,\"msg\":\"no\"}", status: 429, headers: [("x-ogw-ratelimit-reset", "2")]))
    if let answer { bench.fake.failAlways(answer) }
  }

  func recover() {
    bench.fake.recover()
    // A token that could not be had is not asked for again at once.
    bench.time.advance(by: 60)
  }
}
