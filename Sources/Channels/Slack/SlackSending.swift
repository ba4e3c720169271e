import JSON
import Sodium
import Support

/// Writes replies into Slack.
///
/// `chat.postMessage` has no key by which Slack would take a message only once (a `client_msg_id` is taken and not looked
/// at). So each message carries a mark, in its metadata and in the name of its first block, and before a reply is written
/// of which an earlier attempt may have arrived, the thread or room is searched for the mark.
struct SlackSending: Sendable {
  let session: SlackSession

  private var server: SlackServer { session.server }

  /// In characters: of one section's text (docs.slack.dev, "Section block"), and of a whole message, for which Slack says
  /// 40,000 and takes about 13,000 in blocks.
  private static let mostInSection = 3_000
  private static let sectionsInMessage = 4
  private static let mostPagesSearched = 10

  func send(_ reply: OutgoingReply) async throws -> [String] {
    let key = String(SHA256.hexDigest(of: reply.idempotencyKey.utf8).prefix(32))
    let messages = Self.messages(reply.text)
    var there: [Int: String] = [:]
    if mayHaveArrived(reply, key) { there = try await search(for: key, reply) }
    session.mayHaveArrived(key)
    var ids: [String] = []
    for (number, sections) in messages.enumerated() {
      if let id = there[number] {
        ids.append(id)
        continue
      }
      let isLast = number == messages.count - 1
      let mark = SlackMark(key: key, piece: number, choices: isLast ? reply.choices.count : 0)
      do {
        if number < reply.replaces.count, let place = Self.place(reply.replaces[number]) {
          ids.append(try await edit(place, sections, mark))
        } else {
          ids.append(try await post(sections, mark, reply))
        }
      } catch let refusal as SlackRefusal {
        // A clear no: nothing has arrived. A server's own trouble is no clear answer.
        if number == 0, !refusal.isUncertain { session.hasNotArrived(key) }
        throw refusal
      }
    }
    for old in reply.replaces.dropFirst(messages.count) { try await delete(old) }
    if let last = ids.last { await offerSigns(reply, under: last) }
    return ids
  }

  private func mayHaveArrived(_ reply: OutgoingReply, _ key: String) -> Bool {
    guard reply.replaces.isEmpty else { return false }
    if reply.attempts > 0 || session.wasAttempted(key) { return true }
    // Written in another process's time, unless it answers what only this process has read.
    return !(reply.inReplyTo.map(session.wasNews) ?? false)
  }

  /// Markdown in messages of sections.
  static func messages(_ markdown: String) -> [[String]] {
    let sections = MarkdownPieces.split(markdown) { SlackMarkup.mrkdwn($0).utf16.count <= mostInSection }
      .map(SlackMarkup.mrkdwn)
    return stride(from: 0, to: sections.count, by: sectionsInMessage).map {
      Array(sections[$0..<min($0 + sectionsInMessage, sections.count)])
    }
  }

  // MARK: Writing

  private static func content(_ sections: [String], _ mark: SlackMark, hasBlocks: Bool) -> JSONObject {
    var content: JSONObject = [
      "text": .string(sections.joined(separator: "\n\n")), "metadata": mark.metadata, "unfurl_links": false,
      "unfurl_media": false, "link_names": false, "mrkdwn": true,
    ]
    guard hasBlocks else { return content }
    content["blocks"] = .array(
      sections.enumerated().map { number, text in
        [
          "type": "section", "block_id": .string(mark.blockID(number)),
          // Nobody is called by what only looks like a name.
          "text": ["type": "mrkdwn", "text": .string(text.isEmpty ? " " : text), "verbatim": true],
        ]
      })
    return content
  }

  private func post(_ sections: [String], _ mark: SlackMark, _ reply: OutgoingReply) async throws -> String {
    func post(hasBlocks: Bool) async throws -> String {
      var content = Self.content(sections, mark, hasBlocks: hasBlocks)
      content["channel"] = .string(reply.conversation.room)
      if let thread = reply.conversation.thread { content["thread_ts"] = .string(thread) }
      let call = SlackCall(method: "chat.postMessage", body: .object(content), purpose: "a reply")
      let answer = try await server.value(call)
      guard let time = SlackTime(answer["ts"]?.string) else { throw server.malformed(call, "gives no time") }
      return "\(answer["channel"]?.string ?? reply.conversation.room):\(time.text)"
    }
    do {
      return try await post(hasBlocks: true)
    } catch let refusal as SlackRefusal where refusal.isTooLong {
      return try await post(hasBlocks: false)
    }
  }

  private func edit(_ place: Place, _ sections: [String], _ mark: SlackMark) async throws -> String {
    var content = Self.content(sections, mark, hasBlocks: true)
    content["channel"] = .string(place.room)
    content["ts"] = .string(place.time)
    _ = try await server.value(SlackCall(method: "chat.update", body: .object(content), purpose: "an edited reply"))
    return "\(place.room):\(place.time)"
  }

  private func delete(_ message: String) async throws {
    guard let place = Self.place(message) else { return }
    do {
      _ = try await server.value(
        SlackCall(
          method: "chat.delete", body: ["channel": .string(place.room), "ts": .string(place.time)],
          purpose: "an edited reply"))
    } catch let refusal as SlackRefusal where refusal.code == "message_not_found" {
      // Somebody else has taken it back.
    }
  }

  /// What can be clicked on. The reply stands without it.
  private func offerSigns(_ reply: OutgoingReply, under message: String) async {
    guard let place = Self.place(message) else { return }
    var names = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"].prefix(reply.choices.count)
    if reply.asksWhetherHelped { names += ["thumbsup", "thumbsdown"] }
    for name in names {
      do {
        _ = try await server.value(
          SlackCall(
            method: "reactions.add",
            body: ["channel": .string(place.room), "timestamp": .string(place.time), "name": .string(name)],
            purpose: "an offer of reactions"))
      } catch let refusal as SlackRefusal where refusal.code == "already_reacted" {
        continue
      } catch {
        return
      }
    }
  }

  // MARK: Finding again

  /// - Returns: the ids of the reply's messages that are there, by their places.
  private func search(for key: String, _ reply: OutgoingReply) async throws -> [Int: String] {
    var found: [Int: String] = [:]
    var call = SlackCall(
      method: "conversations.history",
      query: [("channel", reply.conversation.room), ("limit", "200"), ("include_all_metadata", "true")],
      purpose: "the search for a reply that may have arrived")
    if let thread = reply.conversation.thread {
      call.method = "conversations.replies"
      call.query.append(("ts", thread))
    }
    if let answered = reply.inReplyTo.flatMap(Self.place) { call.query.append(("oldest", answered.time)) }
    let query = call.query
    for _ in 0..<Self.mostPagesSearched {
      let answer: JSONValue
      do {
        answer = try await server.value(call)
      } catch let refusal as SlackRefusal where refusal.code == "thread_not_found" {
        return [:]
      }
      guard let messages = answer["messages"]?.array else { throw server.malformed(call, "has no messages") }
      for message in messages {
        guard let mark = SlackMark(message), mark.key == key, let time = SlackTime(message["ts"]?.string) else {
          continue
        }
        found[mark.piece] = "\(reply.conversation.room):\(time.text)"
      }
      guard answer["has_more"]?.bool == true, let next = answer["response_metadata"]?["next_cursor"]?.string,
        !next.isEmpty
      else { break }
      call.query = query + [("cursor", next)]
    }
    return found
  }

  struct Place {
    var room: String
    var time: String
  }

  /// `C123:1763892000.000100`, and what stands behind it in the ids of edits and signs.
  static func place(_ id: String) -> Place? {
    let parts = id.split(separator: ":")
    guard parts.count >= 2, let time = SlackTime(String(parts[1])) else { return nil }
    return Place(room: String(parts[0]), time: time.text)
  }
}

extension SlackRefusal {
  /// Whether part of what was asked may have been done all the same.
  fileprivate var isUncertain: Bool {
    status >= 500 || ["internal_error", "fatal_error", "request_timeout", "service_unavailable"].contains(code)
  }
}
