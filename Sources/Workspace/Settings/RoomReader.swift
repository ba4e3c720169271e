import Support

/// Reads what is said of single rooms and people of a channel, whose ids differ from server to server.
struct RoomReader {
  let problems: ProblemLog
  /// A room's id as it may look, for error sentences; in quotes where YAML wants them.
  let sample: String
  let isRoom: (String) -> Bool

  /// `rooms`, by id.
  func read(_ map: YAMLMap) -> [String: RoomSettings] {
    var rooms: [String: RoomSettings] = [:]
    for item in map.list("rooms") {
      let keys = ["room", "answer", "agency", "language", "region"]
      guard let below = YAMLMap(item, what: "a room", keys: keys, problems) else { continue }
      guard let room = below.requiredText("room", " It is the room's own id, such as \(sample).") else { continue }
      guard isRoom(room.text) else {
        problems.error(
          at: room.location,
          "'room' must be a room's own id, such as \(sample), not its name; found '\(room.text.clipped)'.")
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

  /// `ignore_senders`.
  /// - Parameter people: how they are named, for error sentences.
  func senders(_ map: YAMLMap, _ people: String, where isPerson: (String) -> Bool) -> Set<String> {
    Set(
      map.texts("ignore_senders").compactMap { line in
        if isPerson(line.text) { return line.text }
        problems.error(at: line.location, "'ignore_senders' names \(people); found '\(line.text.clipped)'.")
        return nil
      })
  }

  /// A channel that is told to look for no rooms needs some.
  func check(_ findsRooms: Bool, _ rooms: [String: RoomSettings], _ map: YAMLMap) {
    guard !findsRooms, rooms.isEmpty else { return }
    problems.error(
      at: map.keyLocation("find_rooms") ?? map.location,
      "With 'find_rooms: false' the channel reads what 'rooms' names, and that is empty: name a room.")
  }
}
