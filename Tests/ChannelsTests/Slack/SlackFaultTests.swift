import Foundation
import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct SlackFaultTests {
  private func pollError(_ bench: SlackBench, _ answer: Responder.Answer) async throws -> ChannelError {
    let channel = try bench.client()
    let cursor = try await channel.poll(after: nil).cursor
    bench.fake.say("waits")
    bench.fake.failAlways(answer, ["*"])
    let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: cursor) }
    bench.fake.recover()
    // Nothing is lost by it.
    #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["waits"])
    return try #require(error)
  }

  @Test(arguments: ["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "not_authed"])
  func `credentials that are not good (any more) are told of, and waited for`(_ name: String) async throws {
    try await SlackBench.with { bench in
      let error = try await pollError(bench, FakeSlack.error(name))
      #expect(error.code == .unauthorized && error.isRetriable)
      #expect(error.description.contains(name))
      #expect(!error.description.contains("xoxb"))
    }
  }

  @Test func `too many requests are followed by the wait that Slack asks for`() async throws {
    try await SlackBench.with { bench in
      let limited = "{\"ok\":false,\"error\":\"ratelimited\"}"
      var error = try await pollError(bench, .json(limited, status: 429, headers: [("Retry-After", "17")]))
      #expect(error.code == .rateLimited && error.retryAfter == .seconds(17))
      error = try await pollError(bench, .respond(status: 429))
      #expect(error.code == .rateLimited && error.retryAfter == .seconds(30))
      error = try await pollError(bench, .json(limited))
      #expect(error.code == .rateLimited && error.retryAfter != nil)
    }
  }

  @Test(arguments: [
    (Responder.Answer.respond(status: 500), ChannelError.Code.serverError), (.respond(status: 503), .serverError),
    (FakeSlack.error("internal_error"), .serverError), (.reset, .unreachable), (.close, .unreachable),
    (.endEarly(announced: 900, sent: Array("{\"ok\":true".utf8)), .unreachable),
    (.endChunkedEarly(sent: Array("{\"ok\":true".utf8)), .unreachable), (.json("{\"ok\":tr"), .malformed),
    (.json("[]"), .malformed), (.json("{\"ok\":true}"), .malformed),
    (.json("{\"ok\":true,\"messages\":{}}"), .malformed), (.json("{\"ok\":\"yes\"}"), .malformed),
    (.respond(status: 302), .refused), (.raw(Array("not http\r\n\r\n".utf8)), .malformed),
  ])
  func `whatever else comes back is an error in words, and the cursor stays`(
    _ answer: Responder.Answer, _ code: ChannelError.Code
  ) async throws {
    try await SlackBench.with { bench in
      let error = try await pollError(bench, answer)
      #expect(error.code == code)
      #expect(error.isRetriable)
      #expect(error.description.hasPrefix("channel 'slack'"))
    }
  }

  @Test(arguments: [
    ("channel_not_found", false), ("not_in_channel", false), ("is_archived", false), ("restricted_action", false),
    ("invalid_auth", true), ("token_revoked", true), ("ratelimited", true), ("internal_error", true),
    ("some_new_error", false),
  ])
  func `a reply that Slack refuses waits or is held, as can help`(_ name: String, canWait: Bool) async throws {
    try await SlackBench.with { bench in
      bench.fake.failAlways(FakeSlack.error(name), ["chat.postMessage"])
      let channel = try bench.client()
      let error = await #expect(throws: ChannelError.self) { try await channel.send(SlackBench.reply("secret words")) }
      #expect(error?.isRetriable == canWait)
      #expect(error?.description.contains("secret words") == false)
    }
  }

  @Test(arguments: ["*", "conversations.history"])
  func `a poll that hangs ends with its task`(_ what: String) async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      let cursor = try await channel.poll(after: nil).cursor
      let seen = bench.fake.requests.count
      bench.fake.failAlways(.hang, [what])
      await withTaskGroup(of: Bool.self) { group in
        group.addTask {
          do {
            _ = try await channel.poll(after: cursor)
            return false
          } catch {
            return error is CancellationError
          }
        }
        await bench.fake.requests.reached(seen + 1)
        group.cancelAll()
        for await wasCancelled in group { #expect(wasCancelled) }
      }
    }
  }

  @Test(arguments: ["chat.postMessage", "conversations.history"])
  func `a reply that hangs ends with its task, and is said once`(_ method: String) async throws {
    try await SlackBench.with { bench in
      let root = bench.fake.say("question")
      let reply = SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)")
      let channel = try bench.client()
      bench.fake.state.withLock { $0.isDeaf = true }
      bench.fake.failAlways(.hang, [method])
      await withTaskGroup(of: Bool.self) { group in
        group.addTask {
          do {
            _ = try await channel.send(reply)
            return false
          } catch {
            return error is CancellationError
          }
        }
        await bench.fake.requests.reached(method == "chat.postMessage" ? 2 : 1)
        group.cancelAll()
        for await wasCancelled in group { #expect(wasCancelled) }
      }
      bench.fake.recover()
      _ = try await channel.send(reply)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `a search that fails keeps the reply back`() async throws {
    try await SlackBench.with { bench in
      let root = bench.fake.say("question")
      let channel = try bench.client()
      let reply = SlackBench.reply("answer", thread: root, to: "C0GENERAL:\(root)", attempts: 1)
      bench.fake.fail("conversations.history", .respond(status: 500))
      await #expect(throws: ChannelError.self) { try await channel.send(reply) }
      // Somebody has written under it: the thread is looked at too.
      bench.fake.say("me too", thread: root)
      bench.fake.fail("conversations.replies", .respond(status: 500))
      await #expect(throws: ChannelError.self) { try await channel.send(reply) }
      #expect(bench.fake.calls("chat.postMessage").isEmpty)
      _ = try await channel.send(reply)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test func `requests are held back to what Slack allows`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client { $0.requestsPerMinute = 30 }
      var cursor = try await channel.poll(after: nil).cursor
      for _ in 0..<40 { cursor = try await channel.poll(after: cursor).cursor }
      let slept = bench.time.slept.reduce(.zero, +)
      #expect(slept >= .seconds(40))
    }
  }

  @Test func `a token that cannot be fetched or sent is told of before anything runs`() async throws {
    try await SlackBench.with { bench in
      #expect(throws: ChannelSetupError.self) { try bench.client(token: "") }
      #expect(throws: ChannelSetupError.self) { try bench.client(token: "two words") }
      #expect(throws: ChannelSetupError.self) { try bench.client { $0.api = "slack.com/api" } }
    }
  }

  /// Every field of a message, of every wrong type.
  @Test func `messages with fields of wrong types crash nothing and lose nothing`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let odd: [JSONValue] = [
        .null, true, 5, 1.5, "text", [], ["x"], [:], ["a": "b"], .string(String(repeating: "9", count: 200)),
      ]
      let keys = [
        "type", "user", "text", "subtype", "edited", "reactions", "files", "attachments", "blocks", "metadata",
        "latest_reply", "reply_users", "bot_id", "hidden", "thread_ts", "bot_profile",
      ]
      var count = 0
      for key in keys {
        for value in odd {
          bench.fake.say("x", with: [key: value])
          count += 1
        }
      }
      bench.fake.say("the end")
      var texts: [String] = []
      for _ in 0..<12 {
        let poll = try await channel.poll(after: cursor)
        texts += poll.messages.map(\.text)
        cursor = poll.cursor
      }
      #expect(texts.last == "the end")
    }
  }

  @Test func `random bytes in the place of an answer crash nothing`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      let cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("waits")
      var random = SlackSendTests.Seeded(state: 3)
      let good = Array(
        "{\"ok\":true,\"messages\":[{\"ts\":\"1795000001.000001\",\"user\":\"U1\",\"text\":\"x\"}],\"has_more\":false}"
          .utf8)
      for _ in 0..<150 {
        var bytes = good
        for _ in 0..<(1 + random.next() % 4) {
          bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        bench.fake.fail("conversations.history", .respond(status: 200, body: bytes))
        _ = try? await channel.poll(after: cursor)
      }
      bench.fake.recover()
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["waits"])
    }
  }
}
