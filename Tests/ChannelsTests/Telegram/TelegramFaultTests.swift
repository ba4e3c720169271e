import Foundation
import HTTP
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct TelegramFaultTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    var name: String
    var answer: Responder.Answer
    var code: ChannelError.Code
    /// Whether a reply that got this answer goes out again by itself.
    var repeatsReply: Bool
    var sendCode: ChannelError.Code?
    var retryAfter: Duration?
    var testDescription: String { name }
    /// A connection that was used before and breaks at once is tried once more by the HTTP client itself, for what does no
    /// harm when it is repeated.
    var times: Int { ["reset", "closed"].contains(name) ? 2 : 1 }
  }

  static let faults: [Fault] = [
    Fault(
      name: "401", answer: FakeTelegram.refuse(401, "Unauthorized"), code: .unauthorized, repeatsReply: true),
    Fault(
      name: "404, as a wrong token gets", answer: FakeTelegram.refuse(404, "Not Found"), code: .unauthorized,
      repeatsReply: true),
    Fault(
      name: "403", answer: FakeTelegram.refuse(403, "Forbidden: bot was blocked by the user"), code: .unauthorized,
      repeatsReply: false, sendCode: .refused),
    Fault(
      name: "400", answer: FakeTelegram.refuse(400, "Bad Request: chat not found"), code: .refused, repeatsReply: false),
    Fault(
      name: "409, another poller",
      answer: FakeTelegram.refuse(409, "Conflict: terminated by other getUpdates request"), code: .conflict,
      repeatsReply: true, retryAfter: .seconds(30)),
    Fault(
      name: "409, a webhook",
      answer: FakeTelegram.refuse(409, "Conflict: can't use getUpdates method while webhook is active"),
      code: .conflict, repeatsReply: true, retryAfter: .seconds(30)),
    Fault(
      name: "429 with parameters.retry_after",
      answer: FakeTelegram.refuse(429, "Too Many Requests: retry after 17", ["retry_after": 17]), code: .rateLimited,
      repeatsReply: true, retryAfter: .seconds(17)),
    Fault(
      name: "429 without", answer: FakeTelegram.refuse(429, "Too Many Requests"), code: .rateLimited,
      repeatsReply: true,
      retryAfter: .seconds(1)),
    Fault(
      name: "429 with nonsense", answer: FakeTelegram.refuse(429, "x", ["retry_after": -1e308]), code: .rateLimited,
      repeatsReply: true, retryAfter: .seconds(1)),
    Fault(
      name: "500 of the Bot API", answer: FakeTelegram.refuse(500, "Internal Server Error: restart"),
      code: .serverError, repeatsReply: false),
    Fault(
      name: "502 of a proxy", answer: .respond(status: 502, body: Array("<html>".utf8)), code: .serverError,
      repeatsReply: false),
    Fault(
      name: "503 of a proxy", answer: .respond(status: 503, body: []), code: .serverError, repeatsReply: true),
    Fault(name: "reset", answer: .reset, code: .unreachable, repeatsReply: false),
    Fault(name: "closed", answer: .close, code: .unreachable, repeatsReply: false),
    Fault(
      name: "half-closed body", answer: .endEarly(announced: 900, sent: Array("{\"ok\":true".utf8)), code: .unreachable,
      repeatsReply: false),
    Fault(name: "wrong JSON", answer: .json("{\"ok\":true,\"result\":["), code: .malformed, repeatsReply: false),
    Fault(name: "no result", answer: .json("{\"ok\":true}"), code: .malformed, repeatsReply: false),
    Fault(
      name: "a result of another kind", answer: .json("{\"ok\":true,\"result\":7}"), code: .malformed,
      repeatsReply: false),
    Fault(
      name: "a page to log in", answer: .respond(status: 200, body: Array("<html>".utf8)), code: .malformed,
      repeatsReply: false),
    Fault(
      name: "a redirect", answer: .respond(status: 302, headers: [("Location", "http://evil.example/")]),
      code: .refused,
      repeatsReply: false),
    Fault(name: "no HTTP", answer: .raw(Array("220 smtp\r\n".utf8)), code: .malformed, repeatsReply: false),
    Fault(
      name: "ok is false in a 200", answer: .json("{\"ok\":false,\"error_code\":401,\"description\":\"Unauthorized\"}"),
      code: .unauthorized, repeatsReply: true),
    Fault(
      name: "no update has a number", answer: .json("{\"ok\":true,\"result\":[{\"message\":{}},7]}"), code: .malformed,
      repeatsReply: false),
  ]

  @Test(arguments: faults)
  func `a poll that fails is a clear error without the token, and the next one misses nothing`(fault: Fault)
    async throws
  {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.telegram.say("asked")
      bench.telegram.fail("getUpdates", fault.answer, times: fault.times)
      let error = await #expect(throws: ChannelError.self) { try await channel.poll(after: cursor) }
      #expect(error?.code == fault.code)
      #expect(error?.isRetriable == true)
      #expect(error?.retryAfter == fault.retryAfter)
      check(error)
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["asked"])
    }
  }

  @Test(arguments: faults)
  func `a reply that may have arrived is not repeated, and one that did not is`(fault: Fault) async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      #expect(!channel.repeatsSafely)
      // Over a connection that has been used before, too: there the HTTP client would try again by itself.
      _ = try await channel.poll(after: nil)
      bench.telegram.fail("sendMessage", fault.answer)
      let error = await #expect(throws: ChannelError.self) { try await channel.send(TelegramBench.reply("words")) }
      #expect(error?.code == fault.sendCode ?? fault.code)
      #expect(error?.isRetriable == fault.repeatsReply)
      #expect(error?.description.contains("words") == false)
      check(error)
      // As staff may have it.
      bench.time.advance(by: 60)
      _ = try await channel.send(TelegramBench.reply("words"))
      #expect(bench.telegram.shown.count == 1)
    }
  }

  @Test(arguments: faults)
  func `an edit is the same however often it is sent, and is repeated`(fault: Fault) async throws {
    // Of a success nothing more is read.
    guard fault.name != "no update has a number", fault.name != "a result of another kind" else { return }
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      let ids = try await channel.send(TelegramBench.reply("old"))
      bench.telegram.fail("editMessageText", fault.answer, times: fault.times)
      let edit = TelegramBench.reply("new", key: "edit", replaces: ids)
      let error = await #expect(throws: ChannelError.self) { try await channel.send(edit) }
      if [.unreachable, .malformed, .serverError, .rateLimited].contains(fault.code) {
        #expect(error?.isRetriable == true)
      }
      check(error)
      bench.time.advance(by: 60)
      #expect(try await channel.send(edit) == ids)
      #expect(bench.telegram.shown.map { $0["text"] } == ["new"])
    }
  }

  private func check(_ error: ChannelError?) {
    #expect(error?.description.hasPrefix("channel 'tg': ") == true)
    #expect(error?.description.contains("secret") == false)
    #expect(error?.description.contains("SECRET") == false)
    #expect(error.map { "\($0)\(String(reflecting: $0))".contains("AAE-") } == false)
  }

  @Test func `who another poller is, and what a webhook needs, is said`() async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      bench.telegram.fail("getUpdates", Self.faults[4].answer)
      let other = await #expect(throws: ChannelError.self) { try await channel.poll(after: nil) }
      #expect(other?.description.contains("another process polls with the same token") == true)
      bench.telegram.fail("getUpdates", Self.faults[5].answer)
      let hook = await #expect(throws: ChannelError.self) { try await channel.poll(after: nil) }
      #expect(hook?.description.contains("deleteWebhook") == true)
    }
  }

  @Test func `a poll that hangs ends with its task`() async throws {
    try await TelegramBench.with {
      $0.waitSeconds = 50
    } _: { bench in
      let channel = try bench.channel()
      let poll = Task { try await channel.poll(after: "100") }
      await bench.telegram.polls.reached(1)
      poll.cancel()
      let result = await poll.result
      #expect(throws: CancellationError.self) { try result.get() }
    }
  }

  @Test func `a server that is not there is unreachable, and the reply goes out later`() async throws {
    // A port that nothing is given by chance: that of a server that has stopped may be another's a moment later.
    try await TelegramBench.with {
      $0.server = "http://127.0.0.1:1"
    } _: { bench in
      let channel = try bench.channel()
      let poll = await #expect(throws: ChannelError.self) { try await channel.poll(after: nil) }
      #expect(poll?.code == .unreachable && poll?.isRetriable == true)
      let send = await #expect(throws: ChannelError.self) { try await channel.send(TelegramBench.reply("x")) }
      #expect(send?.code == .unreachable && send?.isRetriable == true)
      check(send)
    }
  }

  static let badTokens = [
    "", "x", "123", "123:", ":abcdefghijkl", "123:abc def ghi jkl", "123:abcdefghijk/../x", "123:äbcdefghijklm",
  ]

  @Test(arguments: badTokens)
  func `a token that can be none is refused when the channel is made, and is not shown`(token: String) async throws {
    let http = try HTTPClient()
    let error = #expect(throws: ChannelSetupError.self) {
      try TelegramChannel(
        name: "tg", settings: TelegramSettings(token: .environment("TOKEN")),
        secrets: SecretReader(environment: ["TOKEN": token], folder: URL(filePath: "/nonexistent")), http: http,
        now: { TelegramBench.now })
    }
    #expect(error?.description.hasPrefix("channel 'tg': token") == true)
    if token.utf8.count > 3 { #expect(error?.description.contains(token) == false) }
    await http.shutdown()
  }

  @Test func `a topic that is closed or gone is said`() async throws {
    for words in ["Bad Request: message thread not found", "Bad Request: TOPIC_CLOSED"] {
      try await TelegramBench.with { bench in
        bench.telegram.fail("sendMessage", FakeTelegram.refuse(400, words))
        let error = await #expect(throws: ChannelError.self) {
          try await bench.channel().send(TelegramBench.reply("x", thread: "9"))
        }
        #expect(error?.description.contains("the topic is closed or gone") == true && error?.isRetriable == false)
      }
    }
  }
}
