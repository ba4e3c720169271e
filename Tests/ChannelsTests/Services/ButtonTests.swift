import Foundation
import JSON
import Ledger
import Support
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// What can be pressed under a reply, the whole way: from the question over the ledger to the server, and back with the press.
@Suite(.timeLimit(.minutes(2))) struct ButtonTests {
  private static let late = PayoutArticles.titles[0]
  private static let minimum = PayoutArticles.titles[1]

  /// That a thumb counts for the very article version, and who gave it.
  private static func expect(_ feedback: [Feedback], _ isHelpful: Bool, for article: String = "payouts/minimum") {
    #expect(feedback.map(\.isHelpful) == [isHelpful])
    #expect(feedback.first?.matched == [.article(article)])
    #expect(feedback.first?.workspaceVersion == "v1")
  }

  // MARK: Telegram

  private func press(_ number: Int, of message: JSONObject, id: Int, on telegram: FakeTelegram) throws {
    let keyboard = try #require(message["reply_markup"])
    let buttons = (keyboard["inline_keyboard"]?.array ?? []).flatMap { $0.array ?? [] }
    let data = try #require(buttons.indices.contains(number) ? buttons[number]["callback_data"] : nil)
    telegram.put([
      "callback_query": [
        "id": .string("q\(UUID().uuidString)"), "from": FakeTelegram.user(), "data": data,
        "message": [
          "message_id": .integer(id), "chat": FakeTelegram.chat(FakeTelegram.group), "date": 1_795_000_000,
          "reply_markup": keyboard,
        ],
      ]
    ])
  }

  private static func labels(_ message: JSONObject?) -> [String] {
    (message?["reply_markup"]?["inline_keyboard"]?.array ?? []).flatMap { $0.array ?? [] }
      .compactMap { $0["text"]?.string }
  }

  @Test func `on Telegram a choice is pressed and answered, and the answer found helpful and then not`() async throws {
    try await TelegramBench.with { bench in
      let services = try ServicesBench(time: bench.time)
      let channel = try bench.channel()
      bench.telegram.say(PayoutArticles.vague)
      #expect(try await services.turn(channel) { bench.telegram.shown.count == 1 })
      let question = try #require(bench.telegram.shown.first)
      let titles = Self.labels(question)
      #expect(Set(titles) == Set(PayoutArticles.titles))
      let place = try #require(titles.firstIndex(of: Self.minimum))
      try press(place, of: question, id: bench.telegram.shownIDs[0], on: bench.telegram)
      // Another program, that has never seen the question.
      let other = try bench.channel()
      #expect(try await services.turn(other) { bench.telegram.shown.count == 2 })
      let answer = try #require(bench.telegram.shown.last)
      #expect(answer["text"]?.string?.contains("50 USD") == true)
      #expect(Self.labels(answer) == ["👍", "👎"])
      for (number, isHelpful) in [(0, true), (1, false)] {
        try press(number, of: answer, id: bench.telegram.shownIDs[1], on: bench.telegram)
        #expect(try await services.turn(other) { try await services.feedback().map(\.isHelpful) == [isHelpful] })
        Self.expect(try await services.feedback(), isHelpful)
      }
      #expect(bench.telegram.shown.count == 2)
    }
  }

  @Test func `on Telegram an edited question changes or drops the buttons of its answer`() async throws {
    try await TelegramBench.with { bench in
      let services = try ServicesBench(time: bench.time)
      let channel = try bench.channel()
      let asked = bench.telegram.say("what is the smallest payout")
      #expect(try await services.turn(channel) { Self.labels(bench.telegram.shown.first) == ["👍", "👎"] })
      let number = try #require(asked.split(separator: ":").last.flatMap { Int($0) })
      for (words, expected) in [("opening hours", []), ("how do i appeal", ["👍", "👎"])] {
        bench.telegram.say(words, kind: "edited_message", also: ["message_id": .integer(number), "edit_date": 1])
        #expect(try await services.turn(channel) { Self.labels(bench.telegram.shown.first) == expected }, "\(words)")
        #expect(bench.telegram.shown.count == 1)
      }
    }
  }

  // MARK: Slack

  @Test func `on Slack a digit is pressed and answered, and the answer found helpful`() async throws {
    try await SlackBench.with { bench in
      let services = try ServicesBench(time: bench.time)
      let channel = try bench.client()
      _ = try await services.turn(channel, atMost: 1) { true }
      bench.fake.say(PayoutArticles.vague)
      #expect(try await services.turn(channel) { bench.fake.shown().count == 1 })
      let question = try #require(bench.fake.shown().first)
      #expect(Self.signs(question) == ["one", "two"])
      let text = try #require(question["text"]?.string)
      let isSecond = text.contains("2. \(Self.minimum)")
      #expect(isSecond || text.contains("1. \(Self.minimum)"))
      bench.fake.react(isSecond ? "two" : "one", to: try #require(question["ts"]?.string))
      #expect(try await services.turn(channel) { bench.fake.shown().count == 2 })
      let answer = try #require(bench.fake.shown().last)
      #expect(answer["text"]?.string?.contains("50 USD") == true)
      #expect(Self.signs(answer) == ["thumbsup", "thumbsdown"])
      bench.fake.react("+1", to: try #require(answer["ts"]?.string))
      #expect(try await services.turn(channel) { try await !services.feedback().isEmpty })
      Self.expect(try await services.feedback(), true)
    }
  }

  private static func signs(_ message: JSONObject?) -> [String] {
    (message?["reactions"]?.array ?? []).compactMap { $0["name"]?.string }
  }

  @Test func `on Slack an edited reply takes away what is offered no more`() async throws {
    try await SlackBench.with { bench in
      let channel = try bench.client()
      let ids = try await channel.send(SlackBench.reply("Which?", key: "1", choices: ["a", "b", "c"]))
      bench.fake.react("two", to: try #require(ids[0].split(separator: ":").last.map(String.init)))
      let three = ReplyOffer(choices: ["a", "b", "c"])
      _ = try await channel.send(
        SlackBench.reply("This or that?", key: "2", replaces: ids, choices: ["a", "b"], asks: true, offered: three))
      // What somebody pressed is theirs and stays; the rest is as it is now offered, each once.
      #expect(Self.signs(bench.fake.shown().first) == ["one", "two", "thumbsup", "thumbsdown"])
      #expect(bench.fake.calls("reactions.remove").count == 1)
      let both = ReplyOffer(choices: ["a", "b"], asksWhetherHelped: true)
      let long = String(repeating: "a long paragraph of words\n\n", count: 900)
      let more = try await channel.send(
        SlackBench.reply(long, key: "3", replaces: ids, asks: true, offered: both))
      #expect(more.count > 1)
      // The thumbs have gone to the last of them; Anna's digit is there and chooses nothing any more.
      #expect(Self.signs(bench.fake.shown().first) == ["two"])
      #expect(Self.signs(bench.fake.shown().last) == ["thumbsup", "thumbsdown"])
      // Nothing there to take away is no failure, nor is one that was taken away by somebody.
      let back = try await channel.send(
        SlackBench.reply("short", key: "4", replaces: more, offered: ReplyOffer(asksWhetherHelped: true)))
      #expect(back == [more[0]] && Self.signs(bench.fake.shown().first) == ["two"])
    }
  }

  // MARK: Discord

  @Test func `on Discord a choice is written and answered, and the answer found not helpful`() async throws {
    try await DiscordBench.with {
      $0.reviewSeconds = 30
    } _: { bench in
      let services = try ServicesBench(time: bench.time)
      let channel = try bench.channel()
      _ = try await services.turn(channel, atMost: 1) { true }
      bench.discord.say(PayoutArticles.vague)
      #expect(try await services.turn(channel) { bench.discord.shown().count == 1 })
      bench.discord.say(Self.minimum)
      #expect(try await services.turn(channel) { bench.discord.shown().count == 2 })
      let answer = try #require(bench.discord.shown().last)
      #expect(answer["content"]?.string?.contains("50 USD") == true)
      let id = try #require(answer["id"]?.string)
      #expect(bench.discord.calls("PUT", "/messages/\(id)/reactions/").count == 2)
      #expect(bench.discord.calls("PUT", "/reactions/").count == 2)
      _ = try await services.turn(channel, atMost: 2) { false }
      bench.discord.react("👎", to: id, by: [FakeDiscord.user(77, isBot: true), FakeDiscord.user(42)])
      #expect(try await services.turn(channel) { try await !services.feedback().isEmpty })
      Self.expect(try await services.feedback(), false)
    }
  }

  @Test func `on Discord an edited reply moves its thumbs or takes them away`() async throws {
    try await DiscordBench.with { bench in
      let channel = try bench.channel()
      let thumbs = ReplyOffer(asksWhetherHelped: true)
      func own(_ id: String) -> Int {
        bench.discord.state.withLock { state in
          (state.reactions[UInt64(id) ?? 0] ?? [:]).values.joined().count { $0["id"]?.string == "77" }
        }
      }
      let one = try await channel.send(DiscordBench.reply("short", key: "1", asks: true))
      #expect(own(one[0]) == 2)
      let same = try await channel.send(
        DiscordBench.reply("other", key: "2", replaces: one, asks: true, offered: thumbs))
      #expect(same == one && own(one[0]) == 2)
      #expect(bench.discord.calls("DELETE", "/reactions/").isEmpty)
      let two = try await channel.send(
        DiscordBench.reply(
          String(repeating: "word ", count: 500), key: "3", replaces: one, asks: true, offered: thumbs))
      #expect(two.count == 2 && own(two[0]) == 0 && own(two[1]) == 2)
      let none = try await channel.send(DiscordBench.reply("end", key: "4", replaces: two, offered: thumbs))
      #expect(none == [one[0]] && own(one[0]) == 0)
      let again = try await channel.send(DiscordBench.reply("good", key: "5", replaces: none, asks: true))
      #expect(own(again[0]) == 2)
      let gone = try await channel.send(DiscordBench.reply("bad", key: "6", replaces: again, offered: thumbs))
      #expect(gone == again && own(gone[0]) == 0)
    }
  }

  // MARK: Lark

  @Test func `on Lark a choice is written and answered, and the answer found helpful`() async throws {
    try await LarkBench.with { bench in
      let services = try ServicesBench(time: bench.time)
      let channel = try bench.client()
      _ = try await services.turn(channel, atMost: 1) { true }
      bench.fake.say(PayoutArticles.vague)
      #expect(try await services.turn(channel) { bench.fake.shown().count == 1 })
      bench.fake.say(Self.minimum)
      #expect(try await services.turn(channel) { bench.fake.shown().count == 2 })
      let answer = try #require(bench.fake.shown().last)
      #expect(answer.reactions.map(\.emoji) == ["THUMBSUP", "ThumbsDown"])
      #expect(bench.fake.shown().first?.reactions.isEmpty == true)
      bench.fake.change(answer.id) { $0.reactions.append(("r1", "ou_anna", "THUMBSUP")) }
      #expect(try await services.turn(channel) { try await !services.feedback().isEmpty })
      Self.expect(try await services.feedback(), true)
    }
  }

  @Test func `on Lark an edited reply takes its own thumbs away and nobody else's`() async throws {
    try await LarkBench.with { bench in
      let channel = try bench.client()
      let ids = try await channel.send(LarkBench.reply("answer", key: "1", asks: true))
      bench.fake.change(ids[0]) { $0.reactions.append(("r1", "ou_anna", "THUMBSUP")) }
      let thumbs = ReplyOffer(asksWhetherHelped: true)
      let same = try await channel.send(LarkBench.reply("better", key: "2", replaces: ids, asks: true, offered: thumbs))
      #expect(same == ids && bench.fake.shown().first?.reactions.count == 3)
      let none = try await channel.send(LarkBench.reply("Which?", key: "3", replaces: ids, offered: thumbs))
      #expect(none == ids && bench.fake.shown().first?.reactions.map(\.person) == ["ou_anna"])
      // What cannot be taken away stays, and the reply stands.
      _ = try await channel.send(LarkBench.reply("again", key: "4", replaces: ids, asks: true))
      bench.fake.failAlways(FakeLark.error(231_007), "im/v1/messages/\(ids[0])/reactions")
      #expect(try await channel.send(LarkBench.reply("end", key: "5", replaces: ids, offered: thumbs)) == ids)
    }
  }

  // MARK: Where they are not wanted

  @Test func `a channel whose settings say so offers no thumbs, and its choices all the same`() async throws {
    try await TelegramBench.with {
      $0.offersThumbs = false
    } _: { bench in
      _ = try await bench.channel().send(TelegramBench.reply("Which?", choices: ["a"], asks: true))
      #expect(Self.labels(bench.telegram.shown.first) == ["a"])
    }
    try await SlackBench.with { bench in
      let channel = try bench.client { $0.offersThumbs = false }
      _ = try await channel.send(SlackBench.reply("Which?", choices: ["a"], asks: true))
      #expect(Self.signs(bench.fake.shown().first) == ["one"])
    }
    try await DiscordBench.with {
      $0.offersThumbs = false
    } _: { bench in
      _ = try await bench.channel().send(DiscordBench.reply("x", asks: true))
      #expect(bench.discord.calls("PUT", "/reactions/").isEmpty)
    }
    try await LarkBench.with { bench in
      _ = try await bench.client { $0.offersThumbs = false }.send(LarkBench.reply("x", asks: true))
      #expect(bench.fake.shown().first?.reactions.isEmpty == true)
    }
  }
}
