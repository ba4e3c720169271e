import JSON

/// Where a Matrix channel goes on: the server's own place, rooms of which something older is still to be read, and
/// invitations that are still to be accepted. Kept as text in the ledger.
struct MatrixCursor: Sendable, Hashable {
  /// A room is read forward from here, page by page, until there is no more; what a sync says of it meanwhile is on those
  /// pages too.
  struct Gap: Sendable, Hashable {
    var room: String
    /// A place of a sync or of a page; nil for the beginning of the room.
    var from: String?
  }

  struct Invitation: Sendable, Hashable {
    var room: String
    /// The server's place before the invitation: what was said since is meant for the bot. Nil where none is known.
    var from: String?
    var isDirect: Bool
    /// In milliseconds since 1970.
    var nextAttempt: Int
    var attempts: Int
  }

  var since: String
  var gaps: [Gap] = []
  var invitations: [Invitation] = []

  init(since: String) { self.since = since }

  /// - Returns: nil for a text that is none of these.
  init?(_ text: String) {
    guard let value = try? JSONValue.parse(text), let since = value["since"]?.string, !since.isEmpty else { return nil }
    self.since = since
    for gap in value["gaps"]?.array ?? [] {
      guard let room = gap["room"]?.string else { return nil }
      gaps.append(Gap(room: room, from: gap["from"]?.string))
    }
    for invitation in value["invitations"]?.array ?? [] {
      guard let room = invitation["room"]?.string else { return nil }
      invitations.append(
        Invitation(
          room: room, from: invitation["from"]?.string, isDirect: invitation["direct"]?.bool ?? false,
          nextAttempt: invitation["next"]?.int ?? 0, attempts: invitation["attempts"]?.int ?? 0))
    }
  }

  var text: String {
    var object: JSONObject = ["since": .string(since)]
    if !gaps.isEmpty {
      object["gaps"] = .array(
        gaps.map { gap in
          var value: JSONObject = ["room": .string(gap.room)]
          if let from = gap.from { value["from"] = .string(from) }
          return .object(value)
        })
    }
    if !invitations.isEmpty {
      object["invitations"] = .array(
        invitations.map { invitation in
          var value: JSONObject = [
            "room": .string(invitation.room), "direct": .bool(invitation.isDirect),
            "next": .integer(invitation.nextAttempt), "attempts": .integer(invitation.attempts),
          ]
          if let from = invitation.from { value["from"] = .string(from) }
          return .object(value)
        })
    }
    return JSONValue.object(object).serialized()
  }

  /// Opens a gap, unless an older one of the room is open.
  mutating func open(_ room: String, from: String?) {
    guard !gaps.contains(where: { $0.room == room }) else { return }
    gaps.append(Gap(room: room, from: from))
  }
}
