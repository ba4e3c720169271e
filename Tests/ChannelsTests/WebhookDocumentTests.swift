import Foundation
import HTTP
import JSON
import Support
import Testing

@testable import Channels

/// docs/webhook.md is what other people build against: what it shows has to be so.
@Suite struct WebhookDocumentTests {
  static func document() throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appendingPathComponent("docs/webhook.md"), encoding: .utf8)
  }

  static func signature(
    _ method: HTTPRequest.Method, _ address: WebhookAddress?, body: String
  ) throws -> String? {
    WebhookCredentials.hmac(Secret(Array("test-key".utf8))).headers(
      for: method, try #require(address), body: Array(body.utf8), at: Date(timeIntervalSince1970: 1_795_424_400)
    ).first { $0.name == "X-Greenroom-Signature" }?.value
  }

  @Test func `the signatures to test with`() throws {
    let document = try Self.document()
    let poll = try Self.signature(
      .get, WebhookAddress("https://chat.example/api/messages")?.adding(["cursor": "a b", "wait": "25"]), body: "")
    #expect(poll == "v1=2d66ead8e27effad5998c99e0f4cd7cdf07751cafc1badea188bfa2f73e30652")
    #expect(document.contains("`\(poll ?? "-")`"))
    let body = #"{"conversation":"r1","in_reply_to":"m1","text":"Hello","author":"bot"}"#
    let reply = try Self.signature(.post, WebhookAddress("https://chat.example/api/replies"), body: body)
    #expect(document.contains("`\(body)`"))
    #expect(document.contains("`\(reply ?? "-")`"))
  }

  /// The fenced blocks of a language, in their order.
  static func blocks(_ language: String) throws -> [String] {
    try document().components(separatedBy: "```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  @Test func `the plain example is read without a field map`() throws {
    let poll = try PollReaderTests.reader().read(
      Array(try #require(Self.blocks("json").first).utf8), previous: nil, now: PollReaderTests.now)
    #expect(poll.messages.map(\.id.id) == ["m185"])
    #expect(poll.cursor == "185")
    #expect(poll.unreadable.isEmpty)
  }

  @Test func `the example of another API is read and answered with its field map`() throws {
    var map = WebhookSettings.FieldMap()
    let block = try #require(Self.blocks("yaml").first)
    for line in block.components(separatedBy: "fields:\n").last?.split(separator: "\n") ?? [] {
      let parts = line.split(separator: "#")[0].split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) }
      let pointer = parts[1] == "\"\"" ? "" : parts[1]
      switch parts[0] {
      case "messages": map.messages = pointer
      case "cursor": map.cursor = pointer
      case "id": map.id = pointer
      case "conversation": map.conversation = pointer
      case "sender_id": map.senderID = pointer
      case "sender_name": map.senderName = pointer
      case "text": map.text = pointer
      case "time": map.time = pointer
      case "reply_conversation": map.replyConversation = pointer
      case "reply_text": map.replyText = pointer
      case "reply_author": map.replyAuthor = pointer
      default: Issue.record("\(parts[0]) is in the example and not in this test")
      }
    }
    let fields = try FieldPointers(map)
    let reader = PollReader(messages: MessageReader(channel: "agencies", fields: fields))
    let body = try #require(Self.blocks("json").last)
    let poll = try reader.read(Array(body.utf8), previous: nil, now: PollReaderTests.now)
    #expect(poll.cursor == "91834")
    let message = try #require(poll.messages.first)
    #expect(message.id.id == "91834")
    #expect(message.sender == Sender(id: "42", name: "Ana"))
    #expect(message.text == "my payout is late")
    #expect(message.sentAt == Date(timeIntervalSince1970: 1_795_424_400))
    let reply = OutgoingReply(
      id: 1, conversation: message.conversation, inReplyTo: nil, text: "…", author: "bot", idempotencyKey: "k")
    #expect(try fields.body(of: reply).serialized() == #"{"chat_id":"c-5","content":{"parts":[{"body":"…"}]}}"#)
  }
}
