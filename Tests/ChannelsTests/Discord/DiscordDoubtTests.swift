import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// Replies of which nobody knows whether they arrived: Discord knows a nonce again for some minutes only.
@Suite struct DiscordDoubtTests {
  /// By a program started anew, when the nonce has been forgotten.
  static func again(_ bench: DiscordBench, _ reply: OutgoingReply) async throws -> [String] {
    bench.discord.forgetNonces()
    return try await bench.channel().send(reply)
  }

  static func shown(_ bench: DiscordBench) -> [String] { bench.discord.shown().compactMap { $0["content"]?.string } }

  @Test(arguments: [0, 1, 99, 100, 101, 350])
  func `however much others have written since, the reply is found`(others: Int) async throws {
    try await DiscordBench.with { bench in
      let question = bench.discord.say("q")
      let reply = DiscordBench.reply("the answer", to: question)
      let ids = try await bench.channel().send(reply)
      for number in 0..<others { bench.discord.say("chatter \(number)", by: FakeDiscord.user(43)) }
      #expect(try await Self.again(bench, reply) == ids)
      #expect(Self.shown(bench) == ["the answer"])
    }
  }

  @Test func `a backlog behind the question is looked through, and the reply that is not there is sent`() async throws {
    try await DiscordBench.with { bench in
      bench.discord.say("from the bot, long ago", by: FakeDiscord.user(FakeDiscord.bot, isBot: true))
      let question = bench.discord.say("q")
      for number in 0..<250 { bench.discord.say("chatter \(number)") }
      _ = try await bench.channel().send(DiscordBench.reply("the answer", to: question))
      // Three pages, and no more than the way to the question.
      #expect(bench.discord.calls("GET", "/messages?").count == 3)
      #expect(Self.shown(bench) == ["from the bot, long ago", "the answer"])
    }
  }

  @Test func `a question that was taken away meanwhile does not double its answer`() async throws {
    try await DiscordBench.with { bench in
      let question = bench.discord.say("q")
      let reply = DiscordBench.reply("the answer", to: question)
      bench.discord.delete(question)
      let ids = try await bench.channel().send(reply)
      #expect(bench.discord.shown().first?["message_reference"] == nil)
      #expect(try await Self.again(bench, reply) == ids)
      #expect(Self.shown(bench) == ["the answer"])
    }
  }

  @Test func `the same words to another question are another reply`() async throws {
    try await DiscordBench.with { bench in
      let first = bench.discord.say("q")
      let second = bench.discord.say("q too")
      _ = try await bench.channel().send(DiscordBench.reply("the answer", key: "1", to: first))
      // On its way when the program ended, and it did not arrive.
      _ = try await Self.again(bench, DiscordBench.reply("the answer", key: "2", to: second))
      #expect(Self.shown(bench) == ["the answer", "the answer"])
      #expect(
        bench.discord.shown().map { $0["message_reference"]?["message_id"]?.string } == [first, second])
    }
  }

  @Test func `of a long reply what is missing is added, whichever pieces arrived`() async throws {
    let text = (0..<4).map { "Part \($0). " + String(repeating: "word\($0) ", count: 280) }.joined(separator: "\n\n")
    for arrived in 0...4 {
      try await DiscordBench.with { bench in
        let question = bench.discord.say("q")
        let reply = DiscordBench.reply(text, to: question)
        let ids = try await bench.channel().send(reply)
        #expect(ids.count == 4)
        for id in ids[arrived...] { bench.discord.delete(id) }
        bench.discord.say("in between")
        let again = try await Self.again(bench, reply)
        #expect(again.prefix(arrived) == ids.prefix(arrived) && again.count == 4)
        #expect(Self.shown(bench).map { String($0.prefix(6)) } == ["Part 0", "Part 1", "Part 2", "Part 3"])
      }
    }
  }

  @Test func `what Discord takes away from the words does not hide them`() async throws {
    try await DiscordBench.with { bench in
      let question = bench.discord.say("q")
      let reply = DiscordBench.reply("one\u{200B} two\n\n\nthree", to: question)
      let ids = try await bench.channel().send(reply)
      bench.discord.change(ids[0]) { $0["content"] = "one two\n\nthree" }
      #expect(try await Self.again(bench, reply) == ids)
    }
  }

  @Test func `what a person wrote unasked, and may have arrived, is left to people, and sent where it cannot have`()
    async throws
  {
    try await DiscordBench.with { bench in
      let note = DiscordBench.reply("Your payout is on its way.", key: "note")
      _ = try await bench.channel().send(note)
      let error = await #expect(throws: ChannelError.self) { _ = try await Self.again(bench, note) }
      #expect(error?.isRetriable == false && error?.description.contains("nobody knows") == true)
      #expect(error?.description.contains("payout") == false)
      // It did not arrive: another word of the bot's is the last, or none.
      _ = try await Self.again(bench, DiscordBench.reply("Anything else?", key: "other"))
      #expect(Self.shown(bench) == ["Your payout is on its way.", "Anything else?"])
    }
  }

  @Test func `a look that fails leaves the doubt, and the next attempt looks again`() async throws {
    try await DiscordBench.with { bench in
      let question = bench.discord.say("q")
      let reply = DiscordBench.reply("the answer", to: question)
      let ids = try await bench.channel().send(reply)
      bench.discord.forgetNonces()
      let channel = try bench.channel()
      bench.discord.fail("/messages", FakeDiscord.refuse(500, 0))
      await #expect(throws: ChannelError.self) { _ = try await channel.send(reply) }
      #expect(try await channel.send(reply) == ids)
      #expect(Self.shown(bench) == ["the answer"])
    }
  }

  @Test func `within a minute the nonce is enough, and after an outage a look is taken`() async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let question = bench.discord.say("q")
      _ = try await channel.send(DiscordBench.reply("first", key: "0", to: question))
      let looks = bench.discord.calls("GET", "/messages?").count
      let reply = DiscordBench.reply("the answer", to: question)
      // It arrives, and nobody hears of it; on a connection that was used before the client tries once more by itself.
      bench.discord.loseAnswers(to: "POST", times: 2)
      await #expect(throws: ChannelError.self) { _ = try await channel.send(reply) }
      bench.time.advance(by: 59)
      let ids = try await channel.send(reply)
      #expect(ids == [bench.discord.shown().last?["id"]?.string])
      #expect(bench.discord.calls("GET", "/messages?").count == looks)
      #expect(Self.shown(bench) == ["first", "the answer"])

      let late = DiscordBench.reply("a later one", key: "late", to: question)
      bench.discord.loseAnswers(to: "POST", times: 2)
      await #expect(throws: ChannelError.self) { _ = try await channel.send(late) }
      bench.discord.forgetNonces()
      bench.time.advance(by: 3_600)
      _ = try await channel.send(late)
      #expect(bench.discord.calls("GET", "/messages?").count == looks + 1)
      #expect(Self.shown(bench) == ["first", "the answer", "a later one"])
    }
  }
}
