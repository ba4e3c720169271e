import JSON
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

@Suite(.timeLimit(.minutes(2))) struct LarkFaultTests {
  @Test func `a token is renewed before it ends, and by one caller for all`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      #expect(bench.fake.state.withLock { $0.tokens } == 1)
      bench.time.advance(by: 6_700)
      bench.fake.state.withLock { $0.token = "t-2" }
      _ = try await bench.collect(channel, from: &cursor)
      #expect(bench.fake.state.withLock { $0.tokens } == 2)
      // A clock set back by a year.
      bench.time.advance(by: -31_536_000)
      _ = try await bench.collect(channel, from: &cursor)
      #expect(bench.fake.state.withLock { $0.tokens } == 3)
    }
  }

  @Test func `many who find at once that there is no token ask for one`() async throws {
    try await LarkBench.with { bench in
      let questions = (0..<20).map { bench.fake.say("question \($0)") }
      let channel = try bench.client()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for id in questions {
          group.addTask { _ = try await channel.send(LarkBench.reply("answer", key: id, to: id)) }
        }
        try await group.waitForAll()
      }
      #expect(bench.fake.shown().count == 20)
      #expect(bench.fake.state.withLock { $0.tokens } == 1)
    }
  }

  @Test(arguments: ["im/v1/messages/om_100001/reply", "auth/v3/tenant_access_token/internal"])
  func `a reply that hangs ends with its task, and is said once`(_ path: String) async throws {
    try await LarkBench.with { bench in
      let reply = LarkBench.reply("answer", to: bench.fake.say("question"))
      let channel = try bench.client()
      bench.fake.state.withLock { $0.isDeaf = true }
      bench.fake.failAlways(.hang, path)
      await withTaskGroup(of: Bool.self) { group in
        group.addTask {
          do {
            _ = try await channel.send(reply)
            return false
          } catch {
            return error is CancellationError
          }
        }
        // A token, the question's time, the room, the reply.
        await bench.fake.requests.reached(path.hasSuffix("reply") ? 4 : 1)
        group.cancelAll()
        for await wasCancelled in group { #expect(wasCancelled) }
      }
      bench.fake.recover()
      _ = try await channel.send(reply)
      #expect(bench.fake.shown().count == 1)
    }
  }

  @Test(arguments: [99_991_663, 99_991_664, 99_991_661])
  func `a token that ends in mid-work is renewed, and the work goes on`(code: Int) async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      let id = bench.fake.say("question")
      bench.fake.fail("im/v1/messages", FakeLark.error(code))
      #expect(try await bench.collect(channel, from: &cursor, polls: 1).messages.count == 1)
      bench.fake.fail("im/v1/messages/\(id)/reply", FakeLark.error(code, status: 401))
      _ = try await channel.send(LarkBench.reply("answer", to: id))
      #expect(bench.fake.shown().count == 1)
    }
  }

  private func pollError(_ bench: LarkBench, _ answer: Responder.Answer) async throws -> ChannelError {
    let channel = try bench.client()
    let cursor = try await channel.poll(after: nil).cursor
    bench.fake.say("waits")
    bench.fake.failAlways(answer)
    let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: cursor) }
    bench.fake.recover()
    bench.time.advance(by: 10)
    #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["waits"])
    return try #require(error)
  }

  @Test(arguments: [
    (FakeLark.error(99_991_663), ChannelError.Code.unauthorized), (FakeLark.error(99_991_672), .unauthorized),
    (FakeLark.error(230_006), .unauthorized), (FakeLark.error(99_991_400, status: 429), .rateLimited),
    (FakeLark.error(99_991_400), .rateLimited), (FakeLark.error(230_020), .rateLimited),
    (.respond(status: 429), .rateLimited), (.respond(status: 502), .serverError), (FakeLark.error(2_200), .serverError),
    (.reset, .unreachable), (.close, .unreachable), (.endEarly(announced: 99, sent: [123]), .unreachable),
    (.endChunkedEarly(sent: [123]), .unreachable), (.json("{"), .malformed), (.json("{}"), .malformed),
    (.json("{\"code\":0}"), .malformed), (.json("{\"code\":0,\"data\":{\"items\":5}}"), .malformed),
    (.respond(status: 302), .refused), (.raw(Array("no http\r\n\r\n".utf8)), .malformed),
  ])
  func `whatever goes wrong is an error in words, and the cursor stays`(
    _ answer: Responder.Answer, _ code: ChannelError.Code
  ) async throws {
    try await LarkBench.with { bench in
      let error = try await pollError(bench, answer)
      #expect(error.code == code)
      #expect(error.isRetriable)
      #expect(!error.description.contains("lark-secret") && !error.description.contains("t-1"))
      #expect((error.retryAfter != nil) == (code == .rateLimited))
    }
  }

  @Test func `a limit of one room holds back no other room, and the app's own holds back all`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      for (code, isOfRoom) in [(230_020, true), (99_991_400, false), (11_232, false)] {
        bench.fake.fail("im/v1/messages", FakeLark.error(code))
        let error = await #expect(throws: ChannelError.self) {
          try await channel.send(LarkBench.reply("x", key: "\(code)"))
        }
        #expect(error?.code == .rateLimited && error?.isRetriable == true && error?.retryAfter != nil)
        #expect(error?.concernsOneRoom == isOfRoom, "\(code)")
      }
    }
  }

  @Test func `the limit's own header says how long to wait`() async throws {
    try await LarkBench.with { bench in
      let error = try await pollError(
        bench, .json("{\"code\":99991400}", status: 429, headers: [("x-ogw-ratelimit-reset", "42")]))
      #expect(error.retryAfter == .seconds(42))
    }
  }

  @Test func `a wrong secret is told of without being named`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client(secret: "not-the-secret")
      let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: nil) }
      #expect(error?.code == .unauthorized)
      #expect(error?.description.contains("not-the-secret") == false)
      #expect(throws: ChannelSetupError.self) { try bench.client(secret: "") }
    }
  }

  @Test(arguments: ["*", "im/v1/messages"])
  func `a poll that hangs ends with its task`(_ what: String) async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let cursor = try await channel.poll(after: nil).cursor
      let seen = bench.fake.requests.count
      bench.fake.failAlways(.hang, what)
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

  @Test func `messages with fields of wrong types crash nothing and lose nothing`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      var cursor = try await channel.poll(after: nil).cursor
      bench.fake.state.withLock { $0.isOdd = true }
      let odd: [JSONValue] = [.null, true, 5, 1.5, "text", [], ["x"], [:], ["a": "b"]]
      for key in [
        "msg_type", "create_time", "update_time", "deleted", "updated", "sender", "body", "mentions", "thread_id",
        "parent_id", "message_id",
      ] {
        for value in odd { bench.fake.say("x", with: [key: value]) }
      }
      for content in [
        "{\"text\":\"a\"}", "{\"content\":5}", "{\"content\":[5,[6,{}]]}",
        "{\"en_us\":{\"content\":[[{\"tag\":\"at\"}]]}}",
      ] {
        bench.fake.post("post", content, ["id": "ou_anna", "sender_type": "user"], in: "oc_room")
      }
      bench.fake.say("the end")
      let poll = try await bench.collect(channel, from: &cursor, polls: 4)
      #expect(poll.messages.last?.text == "the end")
    }
  }

  @Test func `random bytes in the place of an answer crash nothing`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let cursor = try await channel.poll(after: nil).cursor
      bench.fake.say("waits")
      var random = SlackSendTests.Seeded(state: 5)
      let good = Array(
        "{\"code\":0,\"data\":{\"items\":[{\"message_id\":\"om_1\",\"create_time\":\"1795000000009\",\"sender\":{\"id\":\"ou\",\"sender_type\":\"user\"},\"body\":{\"content\":\"{}\"}}]}}"
          .utf8)
      for _ in 0..<150 {
        var bytes = good
        for _ in 0..<(1 + random.next() % 4) {
          bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
        }
        bench.fake.fail("im/v1/messages", .respond(status: 200, body: bytes))
        _ = try? await channel.poll(after: cursor)
      }
      bench.fake.recover()
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["waits"])
    }
  }
}
