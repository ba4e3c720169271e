import Foundation
import HTTP
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct TelegramPollTests {
  @Test func `a poll names what it wants and confirms only what was taken in`() async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      bench.telegram.say("one")
      bench.telegram.say("two")
      let first = try await channel.poll(after: nil)
      #expect(first.messages.map(\.text) == ["one", "two"])
      #expect(first.cursor == "102")
      // As long as nobody asks for what comes after, it is there again.
      let again = try await bench.channel().poll(after: nil)
      #expect(again == first)
      bench.telegram.say("three")
      #expect(try await channel.poll(after: first.cursor).messages.map(\.text) == ["three"])
      let call = try #require(bench.telegram.calls("getUpdates").last)
      #expect(call["offset"] == 102)
      #expect(
        call["allowed_updates"]
          == ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"])
      let empty = try await channel.poll(after: "103")
      #expect(empty.isEmpty && empty.cursor == "103")
    }
  }

  @Test func `a message is read with all that it has`() async throws {
    try await TelegramBench.with {
      $0.rooms["\(FakeTelegram.group)"] = .init(agency: "Lumen", language: "pt", region: "BR")
    } _: { bench in
      let id = bench.telegram.say(
        nil, by: ["id": 42, "first_name": "Ana", "last_name": "Lima", "is_bot": false],
        also: [
          "caption": "see this", "message_thread_id": 9, "is_topic_message": true,
          "reply_to_message": ["message_id": 1, "from": ["id": 5]],
          "document": ["file_id": "x", "file_name": "pay.pdf", "mime_type": "application/pdf", "file_size": 7],
        ])
      let message = try #require(try await bench.channel().poll(after: nil).messages.first)
      #expect(
        message
          == Message(
            id: MessageID(channel: "tg", id: id),
            conversation: ConversationID(channel: "tg", room: "\(FakeTelegram.group)", thread: "9"), agency: "Lumen",
            sender: Sender(id: "42", name: "Ana Lima"), text: "see this",
            sentAt: Date(timeIntervalSince1970: 1_795_000_000), replyTo: "\(FakeTelegram.group):1",
            attachments: [Attachment(name: "pay.pdf", mediaType: "application/pdf", size: 7)], language: "pt",
            region: "BR"))
    }
  }

  @Test func `in a group only what is meant for the bot is answered`() async throws {
    func mention(_ offset: Int, _ length: Int) -> JSONObject {
      ["entities": [["type": "mention", "offset": .integer(offset), "length": .integer(length)]]]
    }
    try await TelegramBench.with {
      $0.groups = .addressed
      $0.rooms["-5"] = .init(answering: .always)
      $0.rooms["-6"] = .init(answering: .never)
    } _: { bench in
      let telegram = bench.telegram
      telegram.say("not for the bot")
      // Offsets are in UTF-16 code units.
      telegram.say("👍🏽 hello @greenroombot", also: mention(11, 13))
      telegram.say("@greenroombot, when is payday?", also: mention(0, 13))
      telegram.say("@greenroombotter no", also: mention(0, 16))
      telegram.say("hey @other", also: mention(4, 6))
      telegram.say("nonsense", also: mention(5_000_000, 1 << 60))
      telegram.say(
        "a name",
        also: [
          "entities": [["type": "text_mention", "offset": 0, "length": 6, "user": ["id": .integer(FakeTelegram.bot)]]]
        ])
      telegram.say(
        "a reply", also: ["reply_to_message": ["message_id": 1, "from": ["id": .integer(FakeTelegram.bot)]]])
      telegram.say(
        "only in a topic that the bot has made",
        also: [
          "reply_to_message": [
            "message_id": 1, "from": ["id": .integer(FakeTelegram.bot)], "forum_topic_created": ["name": "x"],
          ]
        ])
      telegram.say("in a chat of two", in: 42)
      telegram.say("where all is answered", in: -5)
      telegram.say("@greenroombot where nothing is", in: -6, also: mention(0, 13))
      let texts = try await bench.channel().poll(after: nil).messages.map(\.text)
      #expect(
        texts == [
          "👍🏽 hello @greenroombot", "when is payday?", "a name", "a reply", "in a chat of two", "where all is answered",
        ])
    }
  }

  @Test func `the bot hears neither bots nor linked channels nor what only happened, but unnamed admins`() async throws
  {
    try await TelegramBench.with {
      $0.ignoredSenders = ["13"]
    } _: { bench in
      let telegram = bench.telegram
      telegram.say("my own", by: FakeTelegram.user(FakeTelegram.bot, isBot: true))
      telegram.say("beep", by: FakeTelegram.user(99, isBot: true))
      telegram.say("named", by: FakeTelegram.user(13))
      telegram.say("news", also: ["sender_chat": FakeTelegram.chat(-7), "is_automatic_forward": true])
      telegram.say(nil, also: ["new_chat_members": [FakeTelegram.user(44)]])
      telegram.say(
        "from an admin", by: FakeTelegram.user(1_087_968_824, isBot: true),
        also: ["sender_chat": FakeTelegram.chat(FakeTelegram.group)])
      telegram.put(["poll": ["id": "1"]])
      let poll = try await bench.channel().poll(after: nil)
      #expect(poll.messages.map(\.text) == ["from an admin"])
      #expect(poll.messages.first?.sender == Sender(id: "\(FakeTelegram.group)", name: "Room"))
      #expect(poll.unreadable.isEmpty)
      #expect(poll.cursor == "107")
    }
  }

  @Test func `the first word to a bot is a command, and is greeted once; other commands are words`() async throws {
    let command: JSONObject = ["entities": [["type": "bot_command", "offset": 0, "length": 6]]]
    try await TelegramBench.with { bench in
      bench.telegram.say("/start", in: 42, also: command)
      bench.telegram.say("/start again", in: 42, also: command)
      bench.telegram.say("/payup when", in: 42, also: command)
      let poll = try await bench.channel().poll(after: nil)
      #expect(Set(poll.notices.map(\.key)) == ["start:tg/42"])
      #expect(poll.messages.map(\.text) == ["payup when"])
    }
  }

  @Test func `an edit names what it replaces, and one that changes no word is none`() async throws {
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      let id = bench.telegram.say("frist")
      let number = Int(id.split(separator: ":")[1]) ?? 0
      let same: JSONObject = ["message_id": .integer(number), "edit_date": 1_795_000_009]
      bench.telegram.say("frist", kind: "edited_message", also: same)
      bench.telegram.say("first", kind: "edited_message", also: same)
      let poll = try await channel.poll(after: nil)
      #expect(poll.messages.map(\.text) == ["frist", "first"])
      #expect(poll.messages.last?.editOf == id)
      #expect(poll.messages.last?.id.id == "\(id)/e102")
      // Served again, as after a crash, and by the same process: nothing of it is passed over.
      #expect(try await channel.poll(after: nil).messages == poll.messages)
      #expect(try await channel.poll(after: "102").messages.map(\.text) == ["first"])
    }
  }

  @Test func `thumbs are told when they come, change and go`() async throws {
    try await TelegramBench.with { bench in
      func react(_ old: [String], _ new: [String], user: Int = 42) {
        func list(_ signs: [String]) -> JSONValue { .array(signs.map { ["type": "emoji", "emoji": .string($0)] }) }
        bench.telegram.put([
          "message_reaction": [
            "chat": FakeTelegram.chat(FakeTelegram.group), "message_id": 7, "date": 1_795_000_001,
            "user": FakeTelegram.user(user), "old_reaction": list(old), "new_reaction": list(new),
          ]
        ])
      }
      react([], ["👍"])
      react(["👍"], ["👎"])
      react(["👎"], ["❤"])
      react(["❤"], [])
      let poll = try await bench.channel().poll(after: nil)
      #expect(
        poll.reactions.map { "\($0.isHelpful ? "up" : "down") \($0.isRemoved ? "gone" : "here")" } == [
          "up here", "up gone", "down here", "down gone",
        ])
      #expect(Set(poll.reactions.map(\.message)) == ["\(FakeTelegram.group):7"])
      #expect(poll.reactions[0].id == poll.reactions[1].id && poll.reactions[1].id != poll.reactions[2].id)
    }
  }

  @Test func `pressed buttons are choices or thumbs, and are answered when they have been taken in`() async throws {
    try await TelegramBench.with { bench in
      let titles = ["Payouts", String(repeating: "Ä", count: 60) + " one", String(repeating: "Ä", count: 60) + " two"]
      let channel = try bench.channel()
      let sent = try await channel.send(TelegramBench.reply("Which?", choices: titles, asks: true))
      let keyboard = try #require(bench.telegram.shown.first?["reply_markup"]?["inline_keyboard"]?.array)
      let data = keyboard.flatMap { $0.array ?? [] }.compactMap { $0["callback_data"]?.string }
      #expect(data.count == 5 && Set(data).count == 5)
      #expect(data.allSatisfy { (1...64).contains($0.utf8.count) })
      let number = Int(sent[0].split(separator: ":")[1]) ?? 0
      let message: JSONValue = [
        "message_id": .integer(number), "chat": FakeTelegram.chat(FakeTelegram.group), "date": 1_795_000_000,
        "reply_markup": ["inline_keyboard": .array(keyboard)],
      ]
      for (place, words) in data.enumerated() {
        bench.telegram.put([
          "callback_query": [
            "id": .string("q\(place)"), "from": FakeTelegram.user(), "message": message, "data": .string(words),
          ]
        ])
      }
      // Under a message that is too old to come along, and one that nobody made.
      bench.telegram.put([
        "callback_query": [
          "id": "q5", "from": FakeTelegram.user(), "data": .string(data[0]),
          "message": ["message_id": 3, "chat": FakeTelegram.chat(FakeTelegram.group), "date": 0],
        ]
      ])
      bench.telegram.put([
        "callback_query": ["id": "q6", "from": FakeTelegram.user(), "message": message, "data": "rm -rf"]
      ])
      let poll = try await channel.poll(after: nil)
      #expect(poll.messages.map(\.text) == titles + ["Payouts"])
      #expect(poll.messages.prefix(3).allSatisfy { $0.replyTo == sent[0] })
      #expect(Set(poll.messages.map(\.id)).count == 4)
      #expect(poll.reactions.map(\.isHelpful) == [false, true, true, false])
      #expect(poll.reactions.map(\.isRemoved) == [true, false, true, false])
      #expect(poll.reactions.allSatisfy { $0.message == sent[0] })
      #expect(poll.unreadable.map(\.id) == ["update 106"])
      #expect(bench.telegram.calls("answerCallbackQuery").isEmpty)
      // What was not taken in, as with a full disk, is served and read again, and answered when it has been.
      #expect(try await channel.poll(after: nil).messages == poll.messages)
      #expect(bench.telegram.calls("answerCallbackQuery").isEmpty)
      _ = try await channel.poll(after: poll.cursor)
      #expect(
        bench.telegram.calls("answerCallbackQuery").compactMap { $0["callback_query_id"]?.string } == [
          "q0", "q1", "q2", "q3", "q4", "q5",
        ])
    }
  }

  @Test func `staff are told when a group that the settings name gets another number`() async throws {
    try await TelegramBench.with {
      $0.rooms["-5"] = .init(agency: "Lumen")
    } _: { bench in
      bench.telegram.say(nil, in: -5, also: ["migrate_to_chat_id": -1_009])
      bench.telegram.say(nil, in: -6, also: ["migrate_to_chat_id": -1_010])
      let poll = try await bench.channel().poll(after: nil)
      #expect(poll.messages.isEmpty && poll.unreadable.map(\.id) == ["update 100"])
      #expect(poll.unreadable.first?.reason.contains("-1009") == true)
    }
  }

  @Test func `staff are told when the bot loses its place in a group`() async throws {
    try await TelegramBench.with { bench in
      for (status, chat) in [("member", -5), ("kicked", -5), ("kicked", 42)] {
        bench.telegram.put([
          "my_chat_member": ["chat": FakeTelegram.chat(chat), "new_chat_member": ["status": .string(status)]]
        ])
      }
      let poll = try await bench.channel().poll(after: nil)
      #expect(poll.unreadable.map(\.id) == ["update 101"])
      #expect(poll.unreadable.first?.reason.contains("taken out of a group") == true)
    }
  }
}
