import Support

/// Reads the rooms and people of servers that number them: Telegram and Discord.
struct NumberedRoomReader {
  let problems: ProblemLog
  /// For error sentences: a room's id as it may look.
  let sample: String
  /// Telegram's groups have numbers below 0.
  let mayBeNegative: Bool

  /// `rooms:`, by id.
  func rooms(_ map: YAMLMap) -> [String: MatrixSettings.Room] {
    var rooms: [String: MatrixSettings.Room] = [:]
    for item in map.list("rooms") {
      let keys = ["room", "answer", "agency", "language", "region"]
      guard let below = YAMLMap(item, what: "a room", keys: keys, problems) else { continue }
      guard let room = below.requiredText("room", " It is the room's own id, such as \"\(sample)\".") else { continue }
      guard isID(room.text) else {
        problems.error(
          at: room.location, "'room' must be a room's own id, such as \"\(sample)\"; found '\(room.text.clipped)'.")
        continue
      }
      if rooms[room.text] != nil {
        problems.error(at: room.location, "The room '\(room.text)' is named twice.")
      }
      rooms[room.text] = MatrixSettings.Room(
        answering: below.choice("answer", MatrixSettings.Answering.allCases), agency: below.text("agency")?.text,
        language: below.language("language"), region: below.text("region")?.text)
    }
    return rooms
  }

  /// `ignore_senders:`
  func senders(_ map: YAMLMap) -> Set<String> {
    Set(
      map.texts("ignore_senders").compactMap { line in
        if isID(line.text) { return line.text }
        problems.error(
          at: line.location, "'ignore_senders' names people by their numbers; found '\(line.text.clipped)'.")
        return nil
      })
  }

  /// A whole number of 64 bits, in its shortest form.
  private func isID(_ text: String) -> Bool {
    let digits = mayBeNegative && text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    guard !digits.isEmpty, digits.utf8.count <= 20, digits.first != "0" else { return false }
    return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } && (UInt64(digits).map { $0 <= Int64.max } ?? false)
  }
}
