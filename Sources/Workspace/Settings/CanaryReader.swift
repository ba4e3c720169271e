import Support

/// Reads `canary`: a room of the bot's own, and how often it writes there.
struct CanaryReader {
  let problems: ProblemLog

  private static let shortest = 30
  private static let longest = 86_400

  /// - Parameters:
  ///   - sample: a room's id as it may look.
  ///   - rooms: of the channel. The canary's room is read too; unless it is named here, nobody is answered there.
  func read(
    _ map: YAMLMap, sample: String, _ rooms: inout [String: RoomSettings], where isRoom: (String) -> Bool
  ) -> CanarySettings? {
    guard let below = map.map("canary", what: "the canary", keys: ["room", "every"]) else { return nil }
    let advice = " It is the id of a room for the canary alone, such as \(sample)."
    let room = below.requiredText("room", advice)
    var every = CanarySettings.usualEvery
    if let written = below.duration("every", units: ["s", "m", "h", "d"]) {
      if (Self.shortest...Self.longest).contains(written.seconds) {
        every = written.seconds
      } else {
        problems.error(at: written.location, "'every' must be from 30s to 1d.")
      }
    }
    guard let room else { return nil }
    guard isRoom(room.text) else {
      problems.error(
        at: room.location, "'room' must be a room's own id, such as \(sample); found '\(room.text.clipped)'.")
      return nil
    }
    if rooms[room.text] == nil { rooms[room.text] = RoomSettings(answering: .never) }
    return CanarySettings(room: room.text, every: every)
  }

  /// Where there can be none.
  func refuse(_ map: YAMLMap, _ reason: String) {
    guard map.has("canary") else { return }
    problems.error(at: map.keyLocation("canary") ?? map.location, "\(reason) Take 'canary' out.")
  }
}
