import Support

/// Reads `rooms`: what is to be done in single rooms of a channel.
struct RoomReader {
  let problems: ProblemLog
  /// An id as the server gives them.
  let sample: String
  /// What ids begin with.
  let starts: [String]

  func read(_ map: YAMLMap) -> [String: RoomSettings] {
    var rooms: [String: RoomSettings] = [:]
    for item in map.list("rooms") {
      let keys = ["room", "answer", "agency", "language", "region"]
      guard let below = YAMLMap(item, what: "a room", keys: keys, problems) else { continue }
      guard let room = below.requiredText("room", " It is the room's own id, such as \(sample).") else { continue }
      guard starts.contains(where: { room.text.hasPrefix($0) }), isID(room.text) else {
        problems.error(
          at: room.location, "'room' must be a room's own id, such as \(sample), not its name; found '\(room.text.clipped)'.")
        continue
      }
      if rooms[room.text] != nil {
        problems.error(at: room.location, "The room '\(room.text.clipped)' is named twice.")
      }
      rooms[room.text] = RoomSettings(
        answering: below.choice("answer", RoomSettings.Answering.allCases), agency: below.text("agency")?.text,
        language: below.language("language"), region: below.text("region")?.text)
    }
    return rooms
  }

  private func isID(_ text: String) -> Bool {
    (2...64).contains(text.utf8.count)
      && text.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2D
      }
  }

  /// A channel that is told to look for no rooms needs some.
  static func check(_ findsRooms: Bool, _ rooms: [String: RoomSettings], _ map: YAMLMap, _ problems: ProblemLog) {
    guard !findsRooms, rooms.isEmpty else { return }
    problems.error(
      at: map.keyLocation("find_rooms") ?? map.location,
      "With 'find_rooms: false' the channel reads what 'rooms' names, and that is empty: name a room.")
  }
}
