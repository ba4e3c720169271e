import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

/// Updates that are wrong in some way: each is kept for staff, and those beside it are read.
@Suite struct TelegramReadingTests {
  static func message(_ fields: JSONObject, without missing: String? = nil) -> JSONValue {
    var message: JSONObject = [
      "message_id": 5, "from": FakeTelegram.user(), "chat": FakeTelegram.chat(-5), "date": 1, "text": "x",
    ]
    for field in fields { message[field.key] = field.value }
    if let missing { message[missing] = nil }
    return .object(["message": .object(message)])
  }

  static let bad: [(String, JSONValue)] = [
    ("no message_id", message([:], without: "message_id")),
    ("a huge message_id", message(["message_id": .integer(.max)])),
    ("message_id 0", message(["message_id": 0])), ("a message_id of another kind", message(["message_id": "5"])),
    ("no chat", message([:], without: "chat")), ("a chat of another kind", message(["chat": []])),
    ("the smallest chat id", message(["chat": ["id": .integer(.min)]])),
    ("a chat id with a fraction", message(["chat": ["id": 1.5]])),
    ("nobody who wrote it", message([:], without: "from")), ("a sender without an id", message(["from": [:]])),
    ("a huge sender id", message(["from": ["id": .integer(.max)]])),
    ("a sender_chat without an id", message(["sender_chat": [:]])),
    ("no text and no file", message([:], without: "text")), ("a text of another kind", message(["text": ["x"]])),
    ("a text beyond all bounds", message(["text": .string(String(repeating: "x", count: 70_000))])),
    ("a message that is a list", ["message": []]), ("a message that is null", ["message": nil]),
    ("an edit that is text", ["edited_message": "x"]), ("a button without an id", ["callback_query": ["data": "x"]]),
    ("a button nobody pressed", ["callback_query": ["id": "1"]]),
    (
      "a thumb without lists",
      ["message_reaction": ["chat": FakeTelegram.chat(-5), "message_id": 5, "user": FakeTelegram.user()]]
    ),
    ("a thumb of nobody", ["message_reaction": ["chat": FakeTelegram.chat(-5), "message_id": 5]]),
    ("rights without a chat", ["my_chat_member": [:]]),
  ]

  @Test(arguments: bad.indices)
  func `an update that cannot be read is kept, and the others are read`(index: Int) async throws {
    try await TelegramBench.with { bench in
      let (name, update) = Self.bad[index]
      bench.telegram.say("before")
      bench.telegram.put(update.object ?? [:])
      bench.telegram.say("after")
      let poll = try await bench.channel().poll(after: nil)
      #expect(poll.messages.map(\.text) == ["before", "after"], "\(name)")
      #expect(poll.unreadable.map(\.id) == ["update 101"], "\(name)")
      #expect(poll.unreadable.first.map { $0.raw.utf8.count <= 65_536 && !$0.reason.isEmpty } == true)
      #expect(poll.cursor == "103")
    }
  }

  @Test func `updates that are no JSON taken here, or have no number, do not keep the others`() async throws {
    let deep = String(repeating: "[", count: 400) + String(repeating: "]", count: 400)
    let good = Self.message([:]).serialized().dropFirst()
    let body =
      "{\"ok\":true,\"result\":[{\"update_id\": 7,\"x\":\(deep)},{\"update_id\":8,\(good),{\"a\":1,\"a\":2},"
      + "{\"update_id\":-1},{\"update_id\":9007199254740993},{\"update_id\":11,\"message\":{\"text\":\"\\ud800\"}}]}"
    try await TelegramBench.with { bench in
      bench.telegram.fail("getUpdates", .json(body))
      let poll = try await bench.channel().poll(after: nil)
      #expect(poll.messages.map(\.text) == ["x"])
      #expect(poll.unreadable.count == 5)
      #expect(poll.cursor == "12")
    }
  }

  @Test func `numbers that begin anew, as after a quiet week, are gone along with`() async throws {
    try await TelegramBench.with { bench in
      let update = "{\"update_id\":500,\(Self.message([:]).serialized().dropFirst())"
      bench.telegram.fail("getUpdates", .json("{\"ok\":true,\"result\":[\(update)]}"))
      let poll = try await bench.channel().poll(after: "900000000")
      #expect(poll.cursor == "501")
    }
  }

  @Test func `a cursor of another server is said, and the oldest is asked for`() async throws {
    try await TelegramBench.with { bench in
      bench.telegram.say("x")
      let poll = try await bench.channel().poll(after: "{\"since\":\"s1\"}")
      #expect(poll.messages.count == 1 && poll.unreadable.count == 1 && poll.cursor == "101")
    }
  }

  @Test func `whatever clock a server has, times stay within reason`() async throws {
    try await TelegramBench.with { bench in
      for time in [0, -1, Int.max, 4_000_000_000, 1_795_000_000] {
        bench.telegram.say("at \(time)", also: ["date": .integer(time)])
      }
      let messages = try await bench.channel().poll(after: nil).messages
      let range = MessageTime.earliest...TelegramBench.now.addingTimeInterval(MessageTime.tolerance)
      #expect(messages.count == 5 && messages.allSatisfy { range.contains($0.sentAt) })
    }
  }

  // MARK: Fuzz

  static func reader() -> TelegramUpdateReader {
    TelegramUpdateReader(
      channel: "tg", settings: TelegramSettings(token: .environment("T")),
      identity: TelegramIdentity(id: FakeTelegram.bot, username: "b"), texts: TelegramTexts(), now: TelegramBench.now)
  }

  @Test func `any value anywhere in an update is read or kept, and never the end`() throws {
    let seeds: [JSONValue] =
      Self.bad.map(\.1) + [
        Self.message(["entities": [["type": "mention", "offset": 0, "length": 1]], "photo": [["file_size": 1]]]),
        [
          "callback_query": [
            "id": "1", "from": FakeTelegram.user(), "data": "choice 0 x",
            "message": Self.message([:])["message"] ?? .null,
          ]
        ],
        [
          "message_reaction": [
            "chat": FakeTelegram.chat(-5), "message_id": 5, "user": FakeTelegram.user(), "date": 1,
            "old_reaction": [], "new_reaction": [["type": "emoji", "emoji": "👍"]],
          ]
        ],
      ]
    let odd: [JSONValue] = [
      .null, true, 0, -1, .integer(.max), .integer(.min), 1e300, -0.5, "", "\u{0}", "💥", [], [[]], [:],
      ["id": .integer(.min)],
      .string(String(repeating: "@", count: 5_000)),
    ]
    let reader = Self.reader()
    for seed in 0..<3_000 as Range<UInt64> {
      var draws = Draws(seed: seed)
      var update = seeds.randomElement(using: &draws) ?? .null
      for _ in 0..<Int.random(in: 1...3, using: &draws) {
        update = Self.changed(update, odd.randomElement(using: &draws) ?? .null, &draws)
      }
      if var object = update.object, object["update_id"] == nil {
        object["update_id"] = 1
        update = .object(object)
      }
      var poll = Poll()
      _ = reader.read(update, into: &poll)
      #expect(poll.messages.count + poll.unreadable.count <= 1)
      #expect(poll.messages.allSatisfy { !$0.id.id.isEmpty && !$0.sender.id.isEmpty && !$0.text.contains("\u{0}") })
    }
  }

  /// With one value somewhere in it replaced.
  static func changed(_ value: JSONValue, _ new: JSONValue, _ draws: inout Draws) -> JSONValue {
    switch value {
    case .object(var object) where !object.isEmpty && Int.random(in: 0..<8, using: &draws) > 0:
      let key = object.keys[Int.random(in: 0..<object.count, using: &draws)]
      object[key] = changed(object[key] ?? .null, new, &draws)
      return .object(object)
    case .array(var list) where !list.isEmpty && Int.random(in: 0..<8, using: &draws) > 0:
      let place = Int.random(in: 0..<list.count, using: &draws)
      list[place] = changed(list[place], new, &draws)
      return .array(list)
    default: return new
    }
  }

  @Test func `answers cut and changed at any byte are an error or a poll`() async throws {
    let body = Array(
      "{\"ok\":true,\"result\":[{\"update_id\":5,\(Self.message([:]).serialized().dropFirst())]}".utf8)
    try await TelegramBench.with { bench in
      let channel = try bench.channel()
      for seed in 0..<150 as Range<UInt64> {
        var draws = Draws(seed: seed)
        var bytes = body
        for _ in 0..<3 {
          bytes[Int.random(in: 0..<bytes.count, using: &draws)] = UInt8.random(in: 0...255, using: &draws)
        }
        if seed % 3 == 0 { bytes = Array(bytes.prefix(Int.random(in: 0..<bytes.count, using: &draws))) }
        bench.telegram.fail("getUpdates", .respond(status: 200, body: bytes))
        do {
          let poll = try await channel.poll(after: "5")
          #expect(poll.cursor.flatMap { Int($0) } != nil)
        } catch let error as ChannelError {
          #expect(error.isRetriable)
        }
      }
    }
  }
}
