import Console
import Foundation
import JSON
import NIOHTTP1
import Support
import TestSupport
import Testing

@Suite("The chat page and its messages", .timeLimit(.minutes(1)))
struct ChatTests {
  @Test func aMessageIsKeptWithWhoWroteIt() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let answer = try await ana.say("Where is my payout?\r\nIt is late")
      #expect(answer.status == 201)
      let line = try #require(await console.store.lines.first)
      #expect(line.conversation == ana.conversation)
      #expect(line.text == "Where is my payout?\nIt is late")
      #expect((line.agency, line.language, line.region) == ("Stellar", "en", "EU"))
      guard case .member(let sender) = line.author else {
        Issue.record("not a member's line")
        return
      }
      #expect(sender.name == "Ana")
      #expect(answer.json?["id"]?.int == line.id)
    }
  }

  @Test func aRepeatOfTheSameClientIDNeverDoubles() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let first = try await ana.say("hello", as: "client-0001")
      console.clock.advance(by: 5)
      let again = try await ana.say("hello", as: "client-0001")
      #expect((first.status, again.status) == (201, 200))
      #expect(first.json?["id"] == again.json?["id"])
      #expect(await console.store.lines.count == 1)
    }
  }

  @Test func theSameClientIDInAnotherConversationIsAnotherMessage() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let ben = try await Visitor.introduced(console.client, name: "Ben")
      _ = try await ana.say("from Ana", as: "client-0001")
      let answer = try await ben.say("from Ben", as: "client-0001")
      #expect(answer.status == 201)
      #expect(await console.store.lines.map(\.text) == ["from Ana", "from Ben"])
    }
  }

  @Test func theConversationIDShowsNothingOfTheCookie() async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      let token = try #require(ana.cookies["greenroom_chat"])
      #expect(token.count == 64)
      #expect(!ana.conversation.contains(token.prefix(12)) && !token.contains(ana.conversation.dropFirst(5)))
      _ = try await ana.say("hello")
      let polled = try await console.client.get("/chat/webhook/messages", [RunningConsole.bearer])
      #expect(!polled.body.contains(token) && !polled.body.contains(ana.antiForgery))
    }
  }

  @Test func aReloadKeepsTheConversationAndANewOneStartsAnother() async throws {
    try await RunningConsole.run { console in
      var ana = try await Visitor.introduced(console.client)
      _ = try await ana.say("the first")
      let reloaded = try await console.client.get("/chat", [ana.cookieHeader])
      #expect(reloaded.body.contains(ana.conversation) && reloaded.body.contains("Stellar"))
      let old = ana.conversation
      let fresh = try await ana.post("/chat/new", [:])
      ana.keep(fresh)
      ana.antiForgery = try #require(fresh.json?["anti_forgery"]?.string)
      #expect(fresh.json?["conversation"]?.string != old)
      #expect(try await ana.say("the second").status == 201)
      let lines = await console.store.lines
      #expect(lines.map(\.conversation) == [old, fresh.json?["conversation"]?.string])
    }
  }

  @Test func cookiesAreOutOfReachOfScriptsAndOtherSites() async throws {
    try await RunningConsole.run { console in
      let page = try await console.client.get("/chat")
      let cookie = try #require(page.headers["Set-Cookie"].first)
      for property in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] { #expect(cookie.contains(property)) }
      #expect(!cookie.contains("Secure"))
    }
    try await RunningConsole.run(RunningConsole.configuration { $0.publicOrigin = "https://help.example.org" }) {
      console in
      let cookie = try #require(try await console.client.get("/chat").headers["Set-Cookie"].first)
      #expect(cookie.hasPrefix("__Host-greenroom_chat=") && cookie.contains("Secure"))
    }
  }

  @Test func whoHasNotSaidWhoTheyAreIsAsked() async throws {
    try await RunningConsole.run { console in
      let nobody = try await Visitor(console.client)
      let answer = try await nobody.say("hello")
      #expect((answer.status, answer.code) == (409, "unknown-member"))
      #expect(await console.store.lines.isEmpty)
    }
  }

  @Test func tooManyMessagesAtOnceAreHeldBackAndLaterTaken() async throws {
    try await RunningConsole.run(RunningConsole.configuration { $0.limits.burst = 3 }) { console in
      let ana = try await Visitor.introduced(console.client)
      for number in 1...3 { #expect(try await ana.say("message \(number)").status == 201) }
      let refused = try await ana.say("one too many")
      #expect((refused.status, refused.code) == (429, "too-fast"))
      #expect(refused.headers.first(name: "Retry-After") == "1")
      let ben = try await Visitor.introduced(console.client, name: "Ben")
      #expect(try await ben.say("not Ben's fault").status == 201)
      console.clock.advance(by: 1)
      #expect(try await ana.say("later").status == 201)
    }
  }

  @Test(arguments: [
    (LedgerError(.locked, "locked"), 503, "ledger-busy"), (LedgerError(.damaged, "damaged"), 500, "ledger-failed"),
  ])
  func aLedgerThatFailsIsSaidSoAndLosesNothing(error: LedgerError, status: Int, code: String) async throws {
    try await RunningConsole.run { console in
      let ana = try await Visitor.introduced(console.client)
      await console.store.fail(with: error)
      let refused = try await ana.say("hello", as: "client-0001")
      #expect((refused.status, refused.code) == (status, code))
      await console.store.fail(with: nil)
      #expect(try await ana.say("hello", as: "client-0001").status == 201)
    }
  }
}
