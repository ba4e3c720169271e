import Foundation
import HTTP
import JSON
import Support

/// Looks at a room's newest messages again: over REST nobody tells a bot of edits, deletions and thumbs. What lies further
/// back than a page is not looked at any more.
struct DiscordReview: Sendable {
  let server: DiscordServer
  let memory: DiscordMemory
  let reader: DiscordMessageReader

  private static let pageSize = 50
  private static let thumbs = [("👍", true), ("👎", false)]

  /// - Parameters:
  ///   - newest: the newest message that has been read: later ones are not looked at here.
  ///   - edited: the newest change that was seen, in the server's words; empty at the first look, which takes what it finds
  ///     as it is.
  /// - Returns: the newest change seen now.
  func read(
    _ place: DiscordPolling.Place, upTo newest: Snowflake, edited: String, _ poll: inout Poll
  ) async throws -> String {
    var setAside: [UnreadableMessage] = []
    let page = try await server.list(
      DiscordCall(path: "channels/\(place.id)/messages?limit=\(Self.pageSize)", purpose: .poll), setAside: &setAside)
    let messages = page.compactMap { value -> (DiscordMessage, JSONValue)? in
      guard let message = try? DiscordMessage(value), message.id <= newest else { return nil }
      return (message, value)
    }.sorted { $0.0.id < $1.0.id }
    var latest = edited
    for (message, value) in messages {
      if let change = message.edited {
        let known = memory.known(message.id)
        let isNews = known.map { $0.edited != change } ?? (!edited.isEmpty && Self.isLater(change, than: edited))
        if isNews { reader.readChange(message, in: place, into: &poll) }
        if latest.isEmpty || Self.isLater(change, than: latest) { latest = change }
      }
      if message.sender.id == "\(reader.bot)" { try await readThumbs(message.id, value, in: place, &poll) }
    }
    if latest.isEmpty, let first = messages.last?.1["timestamp"]?.string, first.utf8.count <= 64 { latest = first }
    findDeleted(messages.map(\.0.id), isWhole: page.count < Self.pageSize, in: place, &poll)
    return latest
  }

  private static func isLater(_ first: String, than second: String) -> Bool {
    let epoch = Date(timeIntervalSince1970: 4e9)
    return MessageTime.date(of: .string(first), now: epoch) > MessageTime.date(of: .string(second), now: epoch)
  }

  private func readThumbs(
    _ message: Snowflake, _ value: JSONValue, in place: DiscordPolling.Place, _ poll: inout Poll
  ) async throws {
    var known = memory.known(message) ?? .init(edited: nil, isForBot: false, isOwn: true)
    for (sign, isHelpful) in Self.thumbs {
      let found = (value["reactions"]?.array ?? []).first { $0["emoji"]?["name"]?.string == sign }
      let count = found?["count"]?.int ?? 0
      guard count != known.counts[sign] ?? 0 else { continue }
      let isOwn = found?["me"]?.bool == true
      let people = count <= (isOwn ? 1 : 0) ? [:] : try await people(behind: sign, message, in: place)
      let before = known.thumbs[sign] ?? []
      for id in people.keys.sorted() where !before.contains(id) {
        poll.reactions.append(reaction(message, Sender(id: id, name: people[id] ?? id), isHelpful, isRemoved: false))
      }
      for id in before.sorted() where people[id] == nil {
        poll.reactions.append(reaction(message, Sender(id: id, name: id), isHelpful, isRemoved: true))
      }
      known.thumbs[sign] = Set(people.keys)
      known.counts[sign] = count
    }
    memory.remember(message, known)
  }

  private func people(
    behind sign: String, _ message: Snowflake, in place: DiscordPolling.Place
  ) async throws -> [String: String] {
    let escaped = sign.utf8.map { "%" + String($0, radix: 16, uppercase: true) }.joined()
    let call = DiscordCall(
      path: "channels/\(place.id)/messages/\(message)/reactions/\(escaped)?limit=100", purpose: .poll)
    guard let users = try await server.value(call).array else { throw server.malformed(call, "holds no people") }
    var people: [String: String] = [:]
    for user in users {
      guard let id = Snowflake(user["id"]), id != reader.bot, user["bot"]?.bool != true else { continue }
      people["\(id)"] = String((user["global_name"]?.string ?? user["username"]?.string ?? "\(id)").prefix(200))
    }
    return people
  }

  private func reaction(_ message: Snowflake, _ sender: Sender, _ isHelpful: Bool, isRemoved: Bool) -> Reaction {
    Reaction(
      id: "\(message)/\(sender.id)/\(isHelpful ? "up" : "down")", message: "\(message)", sender: sender,
      isHelpful: isHelpful, isRemoved: isRemoved, at: reader.now)
  }

  /// What stood on this stretch at the last look, and does not any more, was taken back; nobody says by whom.
  private func findDeleted(
    _ ids: [Snowflake], isWhole: Bool, in place: DiscordPolling.Place, _ poll: inout Poll
  ) {
    let before = memory.stretch(of: place.id)
    memory.setStretch(ids, of: place.id)
    guard let oldest = isWhole ? .zero : ids.first else { return }
    let now = Set(ids)
    for id in before where id >= oldest && !now.contains(id) {
      memory.forget(id)
      poll.redactions.append(
        Redaction(target: "\(id)", sender: Sender(id: "unknown", name: "somebody"), at: reader.now))
    }
  }
}
