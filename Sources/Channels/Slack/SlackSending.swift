import Foundation
import JSON
import Sodium
import Support

/// Writes replies into Slack.
///
/// Of `chat.postMessage` no key is documented under which Slack would take a message only once. So each message carries a
/// mark, in its metadata and in the name of its first block, and before a reply is written of which an earlier attempt may
/// have arrived, the thread or room is searched for the mark. A `client_msg_id`, which Slack names in its errors, goes
/// along and counts for nothing here.
struct SlackSending: Sendable {
  let session: SlackSession

  private var server: SlackServer { session.server }

  /// Slack says 40,000 characters a message, and takes about 13,000 in blocks.
  private static let sectionsInMessage = 4
  private static let offering = "reactions.add"
  private static let withdrawing = "reactions.remove"
  /// In seconds: how far back what a person wrote unasked is looked for.
  private static let unaskedLife = 86_400.0

  func send(_ reply: OutgoingReply) async throws -> [String] {
    let key = String(SHA256.hexDigest(of: reply.idempotencyKey.utf8).prefix(32))
    let messages = Self.messages(reply.text)
    var there: [Int: String] = [:]
    if messages.count > reply.replaces.count, mayHaveArrived(reply, key) { there = try await search(for: key, reply) }
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
        if number < reply.replaces.count, let place = Self.place(reply.replaces[number]),
          let id = try await edit(place, sections, mark)
        {
          ids.append(id)
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
    await offerSigns(reply, under: ids)
    return ids
  }

  /// Markdown in messages of sections.
  static func messages(_ markdown: String) -> [[String]] {
    let sections = SlackMarkup.sections(markdown)
    return stride(from: 0, to: sections.count, by: sectionsInMessage).map {
      Array(sections[$0..<min($0 + sectionsInMessage, sections.count)])
    }
  }

  // MARK: Finding again

  private func mayHaveArrived(_ reply: OutgoingReply, _ key: String) -> Bool {
    if reply.attempts > 0 || session.wasAttempted(key) { return true }
    // Written in another process's time, unless it answers what only this process has read.
    return !(reply.inReplyTo.map(session.wasNews) ?? false)
  }

  /// - Returns: the ids of the reply's messages that are there, by their places.
  private func search(for key: String, _ reply: OutgoingReply) async throws -> [Int: String] {
    let room = reply.conversation.room
    let answered = reply.inReplyTo.flatMap(Self.place).flatMap { SlackTime($0.time) }
    // What this process has tried may have come since the room was read.
    let isOwnAttempt = session.wasAttempted(key)
    if let thread = reply.conversation.thread {
      if !isOwnAttempt, let answered, answered.text == thread {
        let before = try await session.recall.room(room, since: answered.before, isAnew: false)
        if before.quiet.contains(answered) { return [:] }
      }
      return try await session.recall.replies(key, in: room, thread: thread, since: answered)
    }
    let since = answered ?? SlackTime(seconds: server.now().timeIntervalSince1970 - Self.unaskedLife)
    return try await session.recall.room(room, since: since, isAnew: isOwnAttempt).replies[key] ?? [:]
  }

  // MARK: Writing

  private static func content(
    _ sections: [String], _ mark: SlackMark, hasBlocks: Bool, hasMetadata: Bool
  ) -> JSONObject {
    var content: JSONObject = ["text": .string(sections.joined(separator: "\n\n"))]
    if hasMetadata { content["metadata"] = mark.metadata }
    guard hasBlocks else { return content }
    content["blocks"] = .array(
      sections.enumerated().map { number, text in
        [
          "type": "section", "block_id": .string(mark.blockID(number)),
          // Nobody is called by what only looks like a name.
          "text": ["type": "mrkdwn", "text": .string(text), "verbatim": true],
        ]
      })
    return content
  }

  /// Blocks and metadata where Slack takes them: of the two, one is enough to know the message again by.
  private func write(
    _ method: String, _ sections: [String], _ mark: SlackMark, _ more: JSONObject, _ purpose: String
  ) async throws -> JSONValue {
    func write(hasBlocks: Bool = true, hasMetadata: Bool = true) async throws -> JSONValue {
      var content = Self.content(sections, mark, hasBlocks: hasBlocks, hasMetadata: hasMetadata)
      // Blocks that are not named stay as they were.
      if !hasBlocks, method == "chat.update" { content["blocks"] = [] }
      for (name, value) in more { content[name] = value }
      return try await server.value(SlackCall(method: method, body: .object(content), purpose: purpose))
    }
    do {
      return try await write()
    } catch let refusal as SlackRefusal where refusal.isAboutBlocks {
      return try await write(hasBlocks: false)
    } catch let refusal as SlackRefusal where refusal.isAboutMetadata {
      return try await write(hasMetadata: false)
    }
  }

  private func post(_ sections: [String], _ mark: SlackMark, _ reply: OutgoingReply) async throws -> String {
    var more: JSONObject = [
      "channel": .string(reply.conversation.room), "client_msg_id": .string(mark.clientID), "unfurl_links": false,
      "unfurl_media": false,
    ]
    if let thread = reply.conversation.thread { more["thread_ts"] = .string(thread) }
    let answer = try await write("chat.postMessage", sections, mark, more, "a reply")
    guard let time = SlackTime(answer["ts"]?.string) else {
      throw server.malformed(SlackCall(method: "chat.postMessage", purpose: "a reply"), "gives no time")
    }
    session.wrote([SlackTime(reply.conversation.thread)].compactMap(\.self), in: reply.conversation.room)
    return "\(answer["channel"]?.string ?? reply.conversation.room):\(time.text)"
  }

  /// - Returns: nil where there is nothing to edit any more.
  private func edit(_ place: Place, _ sections: [String], _ mark: SlackMark) async throws -> String? {
    do {
      let more: JSONObject = ["channel": .string(place.room), "ts": .string(place.time)]
      _ = try await write("chat.update", sections, mark, more, "an edited reply")
      return "\(place.room):\(place.time)"
    } catch let refusal as SlackRefusal where refusal.code == "message_not_found" {
      return nil
    }
  }

  func delete(_ message: String) async throws {
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

  /// What can be clicked on, under the last message. The reply stands without it.
  private func offerSigns(_ reply: OutgoingReply, under ids: [String]) async {
    guard let last = ids.last.flatMap(Self.place) else { return }
    let wanted = Self.signs(ReplyOffer(choices: reply.choices, asksWhetherHelped: reply.asksWhetherHelped))
    // Of the reply that was edited: under the message that was its last, where that still stands.
    let before = reply.replaces.last.flatMap(Self.place).flatMap { ids.compactMap(Self.place).contains($0) ? $0 : nil }
    let offered = before == nil ? [] : Self.signs(reply.replacedOffer)
    if let before {
      await react(Self.withdrawing, offered.filter { before != last || !wanted.contains($0) }, before)
    }
    await react(Self.offering, wanted.filter { before != last || !offered.contains($0) }, last)
  }

  private static func signs(_ offer: ReplyOffer) -> [String] {
    let digits = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    return digits.prefix(offer.choices.count) + (offer.asksWhetherHelped ? ["thumbsup", "thumbsdown"] : [])
  }

  private func react(_ method: String, _ names: [String], _ place: Place) async {
    // All of them or none: half of them would say the wrong thing, and no reply waits for them.
    guard server.pace.free(method) >= names.count else { return }
    for name in names {
      do {
        try await server.pace.take(method)
        _ = try await server.value(
          SlackCall(
            method: method,
            body: ["channel": .string(place.room), "timestamp": .string(place.time), "name": .string(name)],
            purpose: "an offer of reactions"))
      } catch let refusal as SlackRefusal where ["already_reacted", "no_reaction"].contains(refusal.code) {
        continue
      } catch {
        return
      }
    }
  }

  struct Place: Hashable {
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
    isOwnFault || code == nil
  }
}
