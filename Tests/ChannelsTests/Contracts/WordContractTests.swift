import Foundation
import JSON
import TestSupport
import Testing

@testable import Channels

/// The servers in memory hold every request against these; here the holding itself is held.
@Suite struct WordContractTests {
  private static func problems(
    _ contract: VendorContract, _ method: String, _ target: String, _ body: JSONValue? = nil,
    type: String = VendorContract.contentType
  ) -> [String] {
    let headers = body == nil ? [] : [RecordedRequest.Header(name: "Content-Type", value: type)]
    let request = RecordedRequest(
      method: method, target: target, headers: headers, body: body?.serializedBytes() ?? [])
    return contract.problems(withWords: request, path: request.path)
  }

  @Test func `each thing wrong with a call of Slack's is found`() throws {
    let slack = try VendorContract.slack.get()
    #expect(Self.problems(slack, "GET", "/conversations.history?channel=C1&oldest=1.5&limit=100&inclusive=true") == [])
    for (method, target, word) in [
      ("GET", "/conversations.histories?channel=C1", "no such path"), ("GET", "/chat.postMessage", "wrong method"),
      ("GET", "/conversations.history", "missing channel"), ("GET", "/conversations.replies?channel=C1", "missing ts"),
      ("GET", "/conversations.history?channel=C1&since=5", "unknown parameter since"),
      ("GET", "/users.conversations?limit=1000", "more than 999"),
      ("GET", "/users.conversations?limit=0", "less than 1"),
      ("GET", "/conversations.history?channel=C1&inclusive=1", "none of the words"),
    ] {
      let found = Self.problems(slack, method, target)
      #expect(found.count == 1 && found[0].contains(word), "\(target): \(found)")
    }
    let good: JSONObject = ["channel": "C1", "text": "x", "client_msg_id": "u", "thread_ts": "1.5"]
    #expect(Self.problems(slack, "POST", "/chat.postMessage", .object(good)) == [])
    for (name, value, word) in [
      ("chanel", "C1", "unknown parameter chanel"), ("text", 5, "wrong kind"), ("blocks", ["text"], "not an object"),
      ("blocks", [["type": "section", "text": ["type": "mrkdwn", "text": ""]]], "less than 1"),
      ("blocks", [["type": "section", "text": ["type": "markdown", "text": "x"]]], "none of the words"),
      ("metadata", ["event_type": "x"], "missing event_payload"), ("mrkdwn", "yes", "wrong kind"),
    ] as [(String, JSONValue, String)] {
      var body = good
      body[name] = value
      let found = Self.problems(slack, "POST", "/chat.postMessage", .object(body))
      #expect(found.count == 1 && found[0].contains(word), "\(name): \(found)")
    }
    #expect(
      Self.problems(slack, "POST", "/chat.update", ["channel": "C1", "ts": "1.5", "thread_ts": "1.5"]).count == 1)
    #expect(
      Self.problems(slack, "POST", "/chat.delete", ["channel": "C1", "ts": "1.5"], type: "text/plain").count == 1)
    #expect(
      slack.madeUp(in: ["type": "message", "ts": "1.5", "author": "me"], "message") == ["message: made up: author"])
  }

  @Test func `each thing wrong with a call of Lark's is found`() throws {
    let lark = try VendorContract.lark.get()
    let list = "/im/v1/messages?container_id_type=chat&container_id=oc_1"
    #expect(Self.problems(lark, "GET", list + "&start_time=1795000000&page_size=50&sort_type=ByCreateTimeAsc") == [])
    for (method, target, word) in [
      ("GET", "/im/v1/message", "no such path"), ("PUT", "/im/v1/chats", "wrong method"),
      ("GET", "/im/v1/messages?container_id=oc_1", "missing container_id_type"),
      ("GET", list + "&page_size=51", "more than 50"),
      ("GET", list + "&sort_type=Asc", "none of the words"), ("GET", list + "&start_time=1795000000000", "more than"),
      ("GET", list + "&since=5", "unknown parameter since"),
    ] {
      let found = Self.problems(lark, method, target)
      #expect(found.count == 1 && found[0].contains(word), "\(target): \(found)")
    }
    let reply: JSONObject = ["msg_type": "text", "content": "{}", "uuid": "a", "reply_in_thread": true]
    #expect(Self.problems(lark, "POST", "/im/v1/messages/om_1/reply", .object(reply)) == [])
    for (name, value, word) in [
      ("uuid", .string(String(repeating: "a", count: 51)), "more than 50"), ("msg_type", "card", "none of the words"),
      ("receive_id", "oc_1", "unknown parameter"), ("content", [:], "wrong kind"),
    ] as [(String, JSONValue, String)] {
      var body = reply
      body[name] = value
      let found = Self.problems(lark, "POST", "/im/v1/messages/om_1/reply", .object(body))
      #expect(found.count == 1 && found[0].contains(word), "\(name): \(found)")
    }
    #expect(
      Self.problems(lark, "PUT", "/im/v1/messages/om_1", ["msg_type": "interactive", "content": "{}"]).count == 1)
    #expect(Self.problems(lark, "POST", "/im/v1/messages", .object(reply)).count == 3)
  }

  @Test func `every error of Slack's that is told apart is one that Slack names`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let fixture = try JSONValue.parse(Array(Data(contentsOf: folder.appending(path: "Fixtures/slack.json"))))
    let named = Set((fixture["errors"]?.array ?? []).compactMap(\.string))
    #expect(named.count > 60)
    // Of other methods, and of all of them: docs.slack.dev, conversations.join, conversations.history and "Rate limits".
    let others: Set = ["method_not_supported_for_channel_type", "invalid_channel", "invalid_token"]
    #expect(SlackRefusal.known.subtracting(named).subtracting(others) == [])
  }
}
