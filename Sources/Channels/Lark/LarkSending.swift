import Foundation
import HTTP
import JSON
import Sodium
import Support
import Text

/// Writes replies into Lark. Under one `uuid` Lark takes a message at most once within an hour; before a reply is tried
/// again later than that, or by another process, the room is searched for it.
struct LarkSending: Sendable {
  let session: LarkSession
  let now: @Sendable () -> Date

  private var server: LarkServer { session.server }

  /// In bytes: Lark takes 150 KB of text and 30 KB of a card, in the request as a whole.
  private static let mostText = 60 << 10
  private static let mostCard = 20 << 10
  /// In seconds, with something to spare: how long a uuid is known.
  private static let uuidLife = 3_000.0
  private static let mostPagesSearched = 20

  struct Content: Sendable, Hashable {
    var kind: String
    /// JSON, as a string within JSON.
    var json: String
    /// Letters and digits only, to know it again by.
    var words: String
  }

  func send(_ reply: OutgoingReply) async throws -> [String] {
    let key = String(SHA256.hexDigest(of: reply.idempotencyKey.utf8).prefix(32))
    let contents = Self.contents(reply.text)
    if !reply.replaces.isEmpty { return try await replace(reply, contents, key) }
    var there: [String] = []
    if mayBeForgotten(reply, key) { there = try await search(for: contents, reply) }
    var ids: [String] = []
    for (number, content) in contents.enumerated() {
      if number < there.count {
        ids.append(there[number])
      } else {
        ids.append(try await write(content, reply, uuid: "\(key)-\(number)"))
      }
    }
    if reply.asksWhetherHelped, let last = ids.last { await offerThumbs(last) }
    return ids
  }

  /// Whether it may have been tried so long ago that Lark knows its uuid no more.
  private func mayBeForgotten(_ reply: OutgoingReply, _ key: String) -> Bool {
    let seconds = now().timeIntervalSince1970
    if let first = session.firstAttempt(key, at: seconds) {
      return seconds - first > Self.uuidLife || seconds < first
    }
    if reply.attempts > 0 { return true }
    return !(reply.inReplyTo.map(session.wasNews) ?? false)
  }

  // MARK: Content

  /// Text where there is nothing to mark up, otherwise cards.
  static func contents(_ markdown: String) -> [Content] {
    let plain = Markdown.plainText(markdown)
    if plain == markdown.trimmingCharacters(in: .whitespacesAndNewlines) {
      return MarkdownPieces.split(markdown) { text($0).json.utf8.count <= mostText }.map(text)
    }
    return MarkdownPieces.split(markdown) { card($0).json.utf8.count <= mostCard }.map(card)
  }

  static func text(_ text: String) -> Content {
    // `<at user_id="all">` would call everybody: a blank of no width makes it what it looks like.
    let harmless = text.replacing("<", with: "<\u{200B}")
    let content: JSONValue = ["text": .string(harmless)]
    return Content(kind: "text", json: content.serialized(), words: words(text))
  }

  private static func card(_ markdown: String) -> Content {
    let content: JSONValue = [
      "config": ["wide_screen_mode": true, "update_multi": true],
      "elements": [["tag": "markdown", "content": .string(HTMLMarkupWriter(Markdown.html(markdown), marks: .lark).text)]],
    ]
    return Content(kind: "interactive", json: content.serialized(), words: words(Markdown.plainText(markdown)))
  }

  private static func words(_ text: String) -> String { text.filter { $0.isLetter || $0.isNumber } }

  // MARK: Writing

  private func write(_ content: Content, _ reply: OutgoingReply, uuid: String) async throws -> String {
    var body: JSONObject = [
      "msg_type": .string(content.kind), "content": .string(content.json), "uuid": .string(uuid),
    ]
    var call = LarkCall(method: .post, path: ["im", "v1", "messages"], purpose: "a reply")
    if let answered = reply.inReplyTo.map(Self.message) {
      call.path += [answered, "reply"]
      if reply.conversation.thread != nil { body["reply_in_thread"] = true }
    } else {
      call.query = [("receive_id_type", "chat_id")]
      body["receive_id"] = .string(reply.conversation.room)
    }
    call.body = .object(body)
    do {
      return try await id(of: call)
    } catch let refusal as LarkRefusal where refusal.isTargetGone && reply.inReplyTo != nil {
      // What was asked has been taken back; what was to be said may still be of use.
      call.path = ["im", "v1", "messages"]
      call.query = [("receive_id_type", "chat_id")]
      body["reply_in_thread"] = nil
      body["receive_id"] = .string(reply.conversation.room)
      call.body = .object(body)
      return try await id(of: call)
    }
  }

  private func id(of call: LarkCall) async throws -> String {
    guard let id = try await session.value(call)["data"]?["message_id"]?.string, !id.isEmpty else {
      throw server.malformed(call, "gives no message id")
    }
    return id
  }

  private func replace(_ reply: OutgoingReply, _ contents: [Content], _ key: String) async throws -> [String] {
    var ids: [String] = []
    for (number, content) in contents.enumerated() {
      if number < reply.replaces.count {
        try await edit(reply.replaces[number], content)
        ids.append(reply.replaces[number])
      } else {
        ids.append(try await write(content, reply, uuid: "\(key)-\(number)"))
      }
    }
    for old in reply.replaces.dropFirst(contents.count) {
      do {
        _ = try await session.value(
          LarkCall(method: .delete, path: ["im", "v1", "messages", old], purpose: "an edited reply"))
      } catch let refusal as LarkRefusal where refusal.isTargetGone {
        // Somebody else has taken it back.
      }
    }
    return ids
  }

  /// A text stays a text and a card a card: Lark does not change one into the other.
  private func edit(_ id: String, _ content: Content) async throws {
    let found = try await session.value(
      LarkCall(path: ["im", "v1", "messages", id], purpose: "the question for an earlier reply"))
    let wasCard = found["data"]?["items"]?[0]?["msg_type"]?.string == "interactive"
    var call = LarkCall(method: .put, path: ["im", "v1", "messages", id], purpose: "an edited reply")
    if wasCard {
      call.method = .patch
      let words = content.kind == "interactive" ? content.json : Self.asCard(content)
      call.body = ["content": .string(words)]
    } else {
      let words = content.kind == "text" ? content : Self.asText(content)
      call.body = ["msg_type": "text", "content": .string(words.json)]
    }
    _ = try await session.value(call)
  }

  private static func asCard(_ content: Content) -> String {
    let text = (try? JSONValue.parse(content.json))?["text"]?.string ?? ""
    return card(text.replacing("\u{200B}", with: "")).json
  }

  private static func asText(_ content: Content) -> Content {
    let card = try? JSONValue.parse(content.json)
    return text(Markdown.plainText(card?["elements"]?[0]?["content"]?.string ?? ""))
  }

  /// What can be clicked on. The reply stands without it.
  private func offerThumbs(_ message: String) async {
    for emoji in ["THUMBSUP", "ThumbsDown"] {
      let call = LarkCall(
        method: .post, path: ["im", "v1", "messages", message, "reactions"],
        body: ["reaction_type": ["emoji_type": .string(emoji)]], purpose: "an offer of reactions")
      guard (try? await session.value(call)) != nil else { return }
    }
  }

  // MARK: Finding again

  /// - Returns: the ids of the pieces that are there, from the first on.
  private func search(for contents: [Content], _ reply: OutgoingReply) async throws -> [String] {
    var query: [(name: String, value: String)]
    if let thread = reply.conversation.thread {
      query = [("container_id_type", "thread"), ("container_id", thread)]
    } else {
      query = [("container_id_type", "chat"), ("container_id", reply.conversation.room)]
      // Back to what it answers; or a day, for what a person wrote unasked.
      var start = Int(now().timeIntervalSince1970) - 86_400
      if let answered = reply.inReplyTo.map(Self.message) {
        guard let time = try await time(of: answered) else { return [] }
        start = time / 1000
      }
      query.append(("start_time", String(max(0, start))))
    }
    query += [("sort_type", "ByCreateTimeAsc"), ("page_size", "50")]
    let answered = reply.inReplyTo.map(Self.message)
    var found: [String] = []
    var page = ""
    for _ in 0..<Self.mostPagesSearched where found.count < contents.count {
      var call = LarkCall(
        path: ["im", "v1", "messages"], query: query, purpose: "the search for a reply that may have arrived")
      if !page.isEmpty { call.query.append(("page_token", page)) }
      let data = try await session.value(call)["data"]
      for item in data?["items"]?.array ?? [] where found.count < contents.count {
        guard item["sender"]?["sender_type"]?.string == "app", item["sender"]?["id"]?.string == session.app,
          item["deleted"]?.bool != true, answered == nil || item["parent_id"]?.string == answered,
          let id = item["message_id"]?.string, Self.wordsOf(item) == contents[found.count].words
        else { continue }
        found.append(id)
      }
      let next = data?["page_token"]?.string ?? ""
      guard data?["has_more"]?.bool == true, !next.isEmpty, next != page else { break }
      page = next
    }
    return found
  }

  private func time(of message: String) async throws -> Int? {
    do {
      let found = try await session.value(
        LarkCall(path: ["im", "v1", "messages", message], purpose: "the question for what is answered"))
      return LarkEvent.milliseconds(found["data"]?["items"]?[0]?["create_time"])
    } catch let refusal as LarkRefusal where refusal.isTargetGone {
      return nil
    }
  }

  /// Of a message as Lark lists it, where cards are told of in pieces of their own.
  private static func wordsOf(_ item: JSONValue) -> String {
    guard let content = try? JSONValue.parse(item["body"]?["content"]?.string ?? "", maximumDepth: 64) else { return "" }
    if let text = content["text"]?.string { return words(text) }
    var output = ""
    func walk(_ value: JSONValue) {
      switch value {
      case .array(let list): for one in list { walk(one) }
      case .object(let object):
        if object["tag"]?.string == "markdown", let text = object["content"]?.string {
          output += Markdown.plainText(text)
        } else if let text = object["text"]?.string {
          output += text
        } else {
          for member in object where member.key == "elements" || member.key == "content" || member.key == "text" {
            walk(member.value)
          }
        }
      default: break
      }
    }
    walk(content)
    return words(output)
  }

  /// `om_…`, and what stands behind it in the ids of edits.
  static func message(_ id: String) -> String { String(id.prefix { $0 != ":" }) }
}

extension HTMLMarkupWriter.Marks {
  /// The Markdown of Lark's cards (open.larksuite.com, "Rich text components"): no headings, no tables.
  static let lark = HTMLMarkupWriter.Marks(
    strong: "**", emphasis: "*", strikethrough: "~~", code: "`", codeBlock: "```", item: "- ",
    link: { address, words in
      let target = address.replacing("&amp;", with: "&").replacing(")", with: "%29").replacing("&quot;", with: "%22")
      let label = words.replacing("\n", with: " ")
      return "[\(label.isEmpty ? target : label)](\(target))"
    },
    // Entities stay: `<at id=all>` would call everybody.
    text: { $0.replacing("&quot;", with: "\"").replacing("&#39;", with: "'") })
}
