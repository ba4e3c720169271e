import Foundation
import JSON
import Support
import Testing

@testable import Channels

@Suite struct PollReaderTests {
  static let now = Date(timeIntervalSince1970: 1_795_500_000)

  static func reader(_ change: (inout WebhookSettings.FieldMap) -> Void = { _ in }) throws -> PollReader {
    var map = WebhookSettings.FieldMap()
    change(&map)
    return PollReader(messages: MessageReader(channel: "agencies", fields: try FieldPointers(map)))
  }

  static func read(_ body: String, previous: String? = "c0") throws -> Poll {
    try reader().read(Array(body.utf8), previous: previous, now: now)
  }

  /// A poll of one message with the given members over those of a good one.
  static func read(message change: JSONObject) throws -> Poll {
    var message: JSONObject = ["id": "m1", "conversation": "r1", "sender": ["id": "u1"], "text": "hi"]
    for (key, value) in change { message[key] = value }
    let body: JSONValue = ["messages": [.object(message)], "cursor": "c1"]
    return try read(body.serialized())
  }

  @Test func `a message with all fields`() throws {
    let poll = try Self.read(
      message: [
        "agency": "lumen", "sender": ["id": "u1", "name": "Ana"], "time": "2026-11-23T10:00:00.5+01:00", "thread": "t1",
        "reply_to": "m0", "edit_of": "m00", "language": "pt", "region": "EU",
        "attachments": [["name": "a.png", "url": "https://x.example/a.png", "type": "image/png", "size": 12]],
      ])
    #expect(poll.cursor == "c1")
    #expect(poll.unreadable.isEmpty)
    #expect(
      poll.messages == [
        Message(
          id: MessageID(channel: "agencies", id: "m1"),
          conversation: ConversationID(channel: "agencies", room: "r1", thread: "t1"), agency: "lumen",
          sender: Sender(id: "u1", name: "Ana"), text: "hi", sentAt: Date(timeIntervalSince1970: 1_795_424_400.5),
          replyTo: "m0", editOf: "m00",
          attachments: [Attachment(name: "a.png", url: "https://x.example/a.png", mediaType: "image/png", size: 12)],
          language: "pt", region: "EU")
      ])
  }

  @Test func `the bot's own messages and other bots' are passed over, and nobody else's`() throws {
    let reader = PollReader(
      messages: MessageReader(
        channel: "agencies", fields: try FieldPointers(WebhookSettings.FieldMap()), ignoredSenders: ["bot-1", "42"]))
    let messages: [JSONValue] = [("a", "u1"), ("b", "bot-1"), ("c", "42"), ("d", "bot-10")].map { id, sender in
      ["id": .string(id), "conversation": "r1", "sender": ["id": .string(sender)], "text": "hi"]
    }
    let body: JSONValue = ["messages": .array(messages), "cursor": "c1"]
    let poll = try reader.read(Array(body.serialized().utf8), previous: nil, now: Self.now)
    #expect(poll.messages.map(\.id.id) == ["a", "d"])
    #expect(poll.unreadable.isEmpty)
    #expect(poll.cursor == "c1")
  }

  @Test func `numbers for ids and cursors become strings`() throws {
    let poll = try Self.read(
      #"{"messages":[{"id":9007199254740993,"conversation":-5,"sender":{"id":0},"text":""}],"cursor":17}"#)
    #expect(poll.cursor == "17")
    #expect(poll.messages.first?.id.id == "9007199254740993")
    #expect(poll.messages.first?.conversation.room == "-5")
    #expect(poll.messages.first?.sender == Sender(id: "0", name: "0"))
  }

  @Test func `a message of attachments alone has an empty text`() throws {
    let poll = try Self.read(message: ["text": nil, "attachments": [["url": "https://x.example/a"]]])
    #expect(poll.messages.first?.text == "")
    #expect(poll.messages.first?.attachments == [Attachment(name: "attachment", url: "https://x.example/a")])
  }

  static let wrong: [(JSONObject, String)] = [
    (["id": nil], "has no id at /id"), (["id": ""], "has no id at /id"), (["id": true], "has true or false for its id"),
    (["id": 1.5], "has a number for its id"), (["id": "a\u{0}b"], "has control characters in its id"),
    (["id": .string(String(repeating: "x", count: 2000))], "has a id of 2000 bytes"),
    (["conversation": nil], "has no conversation"), (["conversation": ["r"]], "has an array for its conversation"),
    (["sender": "Ana"], "has no sender id"), (["sender": ["id": ["x": 1]]], "has an object for its sender id"),
    (["sender": ["id": "u", "name": 1.5]], "has a number for its sender name"),
    (["text": nil], "has no text"), (["text": 5], "has a number for its text"),
    (["text": ["a"]], "has an array for its text"),
    (["text": .string(String(repeating: "x", count: 1_000_000))], "has a text of 1000000 bytes"),
    (["thread": ["x"]], "has an array for its thread"), (["agency": false], "has true or false for its agency"),
    (["reply_to": [:]], "has an object for its reply-to"), (["edit_of": []], "has an array for its edit-of"),
    (["language": ["en"]], "has an array for its language"), (["region": [:]], "has an object for its region"),
    (["attachments": "a.png"], "has a string for its attachments"),
    (["attachments": ["a.png"]], "has a string for an attachment"),
    (["attachments": .array(Array(repeating: [:], count: 101))], "has 101 attachments"),
  ]

  @Test(arguments: wrong.indices)
  func `a message with one thing wrong is set aside with its reason`(index: Int) throws {
    let (change, reason) = Self.wrong[index]
    let poll = try Self.read(message: change)
    #expect(poll.messages.isEmpty)
    #expect(poll.cursor == "c1")
    let unreadable = try #require(poll.unreadable.first)
    #expect(unreadable.reason.hasPrefix("the message \(reason)"))
    #expect(unreadable.raw.utf8.count <= 64 << 10)
    #expect(unreadable.id == (change["id"] == nil ? "m1" : nil))
  }

  @Test(arguments: ["5", "null", "\"x\"", "true", "[]", "{}"])
  func `what is no message at all is set aside and the others go on`(text: String) throws {
    let good = #"{"id":"m1","conversation":"r1","sender":{"id":"u1"},"text":"hi"}"#
    let poll = try Self.read("{\"messages\":[\(good),\(text),\(good)],\"cursor\":\"c1\"}")
    #expect(poll.messages.count == 2)
    #expect(poll.unreadable.map(\.raw) == [text])
  }

  @Test(arguments: [
    #""\ud83d cut emoji""#, "123456789012345678901234567890", "1e999", #"{"a":1,"a":2}"#, #"{"a\u0000":1}"#, "nul",
    "'x'",
    #"{"a" 1}"#, "{\"text\": \"a\nb\"}",
  ])
  func `one message that is no JSON does not keep the others from being read`(text: String) throws {
    let good = #"{"id":"m1","conversation":"r1","sender":{"id":"u1"},"text":"a ] } , \" b"}"#
    let poll = try Self.read("{\"x\": [[\"]\"]], \"messages\" : [\(good), \(text) , \(good)] , \"cursor\": \"c1\"}")
    #expect(poll.messages.map(\.text) == ["a ] } , \" b", "a ] } , \" b"])
    #expect(poll.unreadable.map(\.raw) == [text])
    #expect(poll.unreadable.first?.reason.hasPrefix("the message is not good JSON: line 1") == true)
    #expect(poll.cursor == "c1")
  }

  @Test func `one message of invalid UTF-8 or of great depth does not keep the others from being read`() throws {
    let good = Array(#"{"id":"m1","conversation":"r1","sender":{"id":"u1"},"text":"hi"},"#.utf8)
    let deep = Array((String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)).utf8)
    for bad in [[0x22, 0xFF, 0xFE, 0x22], deep] {
      let body = Array("{\"messages\":[".utf8) + good + bad + Array("],\"cursor\":\"c1\"}".utf8)
      let poll = try Self.reader().read(body, previous: nil, now: Self.now)
      #expect(poll.messages.count == 1)
      #expect(poll.unreadable.count == 1)
      #expect(poll.unreadable.first.map { $0.raw.utf8.count <= 64 << 10 } == true)
    }
  }

  @Test(arguments: [
    ("", "is not good JSON"), ("not json", "is not good JSON"), (#"{"messages":[{"id":"#, "is not good JSON"),
    (#"{"messages":[],"cursor":"c1""#, "is not good JSON"), (#"{"messages":[]} x"#, "is not good JSON"),
    (#"{"messages":[],"messages":[]}"#, "is not good JSON"), ("{}", "has no messages at '/messages'"),
    ("[]", "has no messages"), (#"{"messages":{}}"#, "has an object for its messages"),
    (#"{"messages":null}"#, "has null"),
    (#"{"messages":[],"cursor":{}}"#, "has an object for its cursor"),
    (#"{"messages":[],"cursor":true}"#, "has true or false"),
  ])
  func `an answer that is not the protocol is refused as a whole`(body: String, reason: String) {
    let problem = #expect(throws: PollReader.Problem.self) { try Self.read(body) }
    #expect(problem?.reason.hasPrefix(reason) == true)
  }

  @Test func `more than ten thousand messages are refused, ten thousand are read`() throws {
    let good = #"{"id":"m1","conversation":"r1","sender":{"id":"u1"},"text":"hi"}"#
    func body(_ count: Int) -> String {
      "{\"messages\":[\(Array(repeating: good, count: count).joined(separator: ","))]}"
    }
    #expect(try Self.read(body(10_000)).messages.count == 10_000)
    #expect(throws: PollReader.Problem.self) { try Self.read(body(10_001)) }
  }

  @Test(arguments: ["{\"messages\":[]}", "{\"messages\":[],\"cursor\":null}", "{\"messages\":[],\"cursor\":\"\"}"])
  func `without a cursor the last one stays`(body: String) throws {
    #expect(try Self.read(body).cursor == "c0")
    #expect(try Self.read(body, previous: nil).cursor == nil)
  }

  @Test func `a cursor too long to be one is refused`() {
    let cursor = String(repeating: "x", count: 5000)
    #expect(throws: PollReader.Problem.self) { try Self.read("{\"messages\":[],\"cursor\":\"\(cursor)\"}") }
  }

  @Test func `NUL, bidi and zero-width characters are read; NUL is shown as unreadable`() throws {
    let poll = try Self.read(message: ["text": "a\u{0}b\u{202E}c\u{200B}d"])
    #expect(poll.messages.first?.text == "a\u{FFFD}b\u{202E}c\u{200B}d")
  }

  @Test func `what is set aside is cut between characters`() throws {
    let poll = try Self.read(message: ["id": nil, "text": .string(String(repeating: "😀", count: 100_000))])
    let raw = try #require(poll.unreadable.first?.raw)
    #expect(raw.utf8.count <= 64 << 10)
    #expect(raw.utf8.count > (64 << 10) - 8)
    #expect(!raw.contains("\u{FFFD}"))
  }

  @Test func `a vendor's own shape is read through the field map`() throws {
    let reader = try Self.reader {
      $0.messages = "/data/items"
      $0.cursor = "/data/next"
      $0.id = "/msg_id"
      $0.conversation = "/room/uid"
      $0.senderID = "/from/uid"
      $0.senderName = ""
      $0.text = "/content/0/body"
      $0.time = "/ts"
    }
    let body = """
      {"data": {"next": 8, "items": [{"msg_id": 7, "room": {"uid": "r"}, "from": {"uid": "u"}, "sender": {"name": "x"},
      "content": [{"body": "hi"}], "ts": 1795424400000}]}}
      """
    let poll = try reader.read(Array(body.utf8), previous: nil, now: Self.now)
    #expect(poll.cursor == "8")
    #expect(poll.messages.first?.id.id == "7")
    #expect(poll.messages.first?.sender.name == "u")
    #expect(poll.messages.first?.text == "hi")
    #expect(poll.messages.first?.sentAt == Date(timeIntervalSince1970: 1_795_424_400))
  }

  @Test func `an answer that is an array is read with the empty pointer`() throws {
    let reader = try Self.reader { $0.messages = "" }
    let good = #"{"id":"m1","conversation":"r1","sender":{"id":"u1"},"text":"hi"}"#
    for body in ["[\(good)]", "[\(good),nul]"] {
      #expect(try reader.read(Array(body.utf8), previous: "c", now: Self.now).messages.count == 1)
    }
  }

  @Test(arguments: 0..<200 as Range<UInt64>)
  func `a damaged answer is read or refused and never crashes`(seed: UInt64) throws {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    let good = #"{"id":"m1","conversation":"r1","sender":{"id":"u1"},"text":"h\"i","attachments":[{"name":"a"}]}"#
    var bytes = Array("{\"messages\":[\(good),\(good)],\"cursor\":\"c1\"}".utf8)
    for _ in 0...next(6) {
      let place = next(bytes.count)
      switch next(3) {
      case 0: bytes[place] = UInt8(next(256))
      case 1: bytes.remove(at: place)
      default: bytes.insert(contentsOf: bytes[place...].prefix(next(20)), at: place)
      }
    }
    let reader = try Self.reader()
    do throws(PollReader.Problem) {
      let poll = try reader.read(bytes, previous: nil, now: Self.now)
      #expect(poll.messages.count + poll.unreadable.count <= bytes.count)
    } catch {
      #expect(!error.reason.isEmpty)
    }
  }
}
