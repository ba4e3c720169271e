import JSON

/// The answer to a sync, as far as it is used (Matrix client-server API, `GET /sync`).
struct MatrixSync: Sendable {
  struct Room: Sendable {
    var id: String
    var events: [JSONValue]
    /// More has happened than is told.
    var isLimited: Bool
  }

  struct Invitation: Sendable {
    var room: String
    /// Who invites; nil where that is not told.
    var inviter: String?
    var isDirect: Bool
  }

  var next: String
  var joined: [Room] = []
  var left: [Room] = []
  var invitations: [Invitation] = []

  /// - Returns: nil where it is none.
  init?(_ value: JSONValue, user: String) {
    guard let next = value["next_batch"]?.string, !next.isEmpty, next.utf8.count <= 4 << 10 else { return nil }
    self.next = next
    joined = Self.rooms(value["rooms"]?["join"])
    left = Self.rooms(value["rooms"]?["leave"])
    for (id, room) in value["rooms"]?["invite"]?.object ?? [:] where Self.isRoom(id) {
      let own = room["invite_state"]?["events"]?.array?.last {
        $0["type"] == "m.room.member" && $0["state_key"] == .string(user)
      }
      invitations.append(
        Invitation(
          room: id, inviter: own?["sender"]?.string, isDirect: own?["content"]?["is_direct"]?.bool ?? false))
    }
  }

  private static func rooms(_ value: JSONValue?) -> [Room] {
    var rooms: [Room] = []
    for (id, room) in value?.object ?? [:] where isRoom(id) {
      let timeline = room["timeline"]
      let events = timeline?["events"]?.array ?? []
      let isLimited = timeline?["limited"]?.bool ?? false
      if !events.isEmpty || isLimited { rooms.append(Room(id: id, events: events, isLimited: isLimited)) }
    }
    return rooms
  }

  private static func isRoom(_ id: String) -> Bool {
    id.hasPrefix("!") && id.utf8.count <= 255
      && !id.unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
