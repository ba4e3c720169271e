import Foundation
import JSON
import TestSupport
import Testing

@testable import Channels

/// The servers in memory hold every request against these; here the holding itself is held.
@Suite struct VendorContractTests {
  static func problems(
    _ contract: VendorContract, _ method: String, _ target: String, _ body: JSONValue? = nil,
    type: String? = "application/json"
  ) -> [String] {
    var headers: [RecordedRequest.Header] = []
    if let type { headers.append(.init(name: "Content-Type", value: type)) }
    let request = RecordedRequest(
      method: method, target: target, headers: headers, body: body?.serializedBytes() ?? [])
    return contract.problems(with: request, path: request.path)
  }

  @Test func `a good request is good, and each thing wrong with it is found`() throws {
    let telegram = try VendorContract.telegram.get()
    let discord = try VendorContract.discord.get()
    func tg(_ method: String, _ body: JSONValue) -> [String] { Self.problems(telegram, "POST", "/\(method)", body) }
    #expect(tg("sendMessage", ["chat_id": -5, "text": "x"]) == [])
    #expect(tg("sendMassage", [:]) == ["POST /sendMassage: no such path"])
    #expect(tg("sendMessage", ["chat_id": -5]) == ["POST /sendMessage: missing text"])
    #expect(
      tg("sendMessage", ["chat_id": -5, "text": "x", "nonce": "1"]) == ["POST /sendMessage: unknown parameter nonce"])
    #expect(tg("sendMessage", ["chat_id": 0.5, "text": "x"]) == ["POST /sendMessage chat_id: of the wrong kind"])
    #expect(tg("getUpdates", ["limit": 101]) == ["POST /getUpdates limit: more than 100"])
    #expect(tg("getUpdates", ["allowed_updates": ["massage"]]).count == 1)
    let row: JSONValue = [["text": "x", "callback_data": .string(String(repeating: "é", count: 33))]]
    #expect(
      tg("sendMessage", ["chat_id": -5, "text": "x", "reply_markup": ["inline_keyboard": [row]]])
        == ["POST /sendMessage reply_markup inline_keyboard callback_data: more than 64 bytes"])
    #expect(Self.problems(telegram, "GET", "/getMe") == ["GET /getMe: wrong method"])
    #expect(
      Self.problems(telegram, "POST", "/deleteMessage", ["chat_id": 1, "message_id": 2], type: "text/plain").count == 1)
    let messages = "/channels/10/messages"
    #expect(Self.problems(discord, "GET", messages + "?after=7&limit=100") == [])
    #expect(Self.problems(discord, "GET", messages + "?after=x") == ["GET \(messages) after: of the wrong kind"])
    #expect(Self.problems(discord, "GET", messages + "?limit=0") == ["GET \(messages) limit: less than 1"])
    #expect(Self.problems(discord, "GET", messages + "?since=7") == ["GET \(messages): unknown parameter since"])
    #expect(Self.problems(discord, "PUT", messages) == ["PUT \(messages): wrong method"])
    #expect(
      Self.problems(discord, "GET", "/channels/general/messages") == ["GET /channels/general/messages: no such path"])
    #expect(
      Self.problems(discord, "POST", messages, ["content": "x", "nonce": .string(String(repeating: "1", count: 26))])
        == ["POST \(messages) nonce: more than 25"])
    #expect(
      Self.problems(discord, "POST", messages, ["content": "x", "message_reference": ["fail_if_not_exists": false]])
        == ["POST \(messages) message_reference: missing message_id"])
    #expect(Self.problems(discord, "DELETE", messages + "/7", ["x": 1]).count == 1)
  }

  @Test func `what the Bot API in memory says is what the Bot API says`() throws {
    let contract = try VendorContract.telegram.get()
    let chat = FakeTelegram.chat(FakeTelegram.group)
    #expect(contract.problems(withAnswer: FakeTelegram.user(), "User") == [])
    #expect(contract.problems(withAnswer: chat, "Chat") == [])
    let message: JSONValue = [
      "message_id": 1, "from": FakeTelegram.user(), "chat": chat, "date": 1, "text": "x", "entities": [],
      "caption": "x", "is_topic_message": true, "message_thread_id": 9, "reply_to_message": [:], "edit_date": 2,
      "sender_chat": chat, "is_automatic_forward": true, "migrate_to_chat_id": -1, "reply_markup": [:],
    ]
    #expect(contract.problems(withAnswer: message, "Message") == [])
    for kind in TelegramUpdateReader.kinds {
      #expect(contract.problems(withAnswer: .object(["update_id": 1, kind: [:]]), "Update") == [])
    }
    for (words, parameters) in [("x", [:]), ("y", ["retry_after": 1]), ("z", ["migrate_to_chat_id": -1])]
      as [(String, JSONObject)]
    {
      guard case .respond(_, _, let body) = FakeTelegram.refuse(400, words, parameters) else { continue }
      let answer = try JSONValue.parse(body)
      #expect(contract.problems(withAnswer: answer, "Error") == [])
      if let parameters = answer["parameters"] {
        #expect(contract.problems(withAnswer: parameters, "ResponseParameters") == [])
      }
    }
    #expect(contract.problems(withAnswer: ["ok": false, "code": 1], "Error").count == 3)
    // Whatever is a message with a name of its own there is a file, something shown, or an event here.
    #expect(TelegramAttachments.isService(["suggested_post_refunded": [:]]))
    #expect(TelegramAttachments.read(["live_photo": ["file_size": 1]]).count == 1)
  }

  @Test func `what Discord's API in memory says is what Discord says`() throws {
    let contract = try VendorContract.discord.get()
    let user = FakeDiscord.user()
    #expect(contract.problems(withAnswer: user, "User") == [])
    #expect(contract.problems(withAnswer: FakeDiscord.user(isBot: true), "User") == [])
    #expect(contract.problems(withAnswer: .object(FakeDiscord.room(10)), "Room") == [])
    #expect(contract.problems(withAnswer: FakeDiscord.reaction("👍", by: [user]), "Reaction") == [])
    var message = FakeDiscord.message(1, in: 10, "x", by: user)
    message["message_reference"] = [:]
    message["referenced_message"] = [:]
    message["webhook_id"] = nil
    message["message_snapshots"] = []
    message["sticker_items"] = []
    message["poll"] = [:]
    message["reactions"] = []
    #expect(contract.problems(withAnswer: .object(message), "Message") == [])
    message["member_count"] = 1
    #expect(contract.problems(withAnswer: .object(message), "Message") == ["Message: made up: member_count"])
    for (more, type) in [([:], "Error"), (["retry_after": 1, "global": false], "RateLimited")] as [(JSONObject, String)]
    {
      guard case .respond(_, _, let body) = FakeDiscord.refuse(429, 0, more) else { continue }
      #expect(contract.problems(withAnswer: try JSONValue.parse(body), type) == [])
    }
  }
}
