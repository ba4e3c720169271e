import JSON

/// Where a Discord channel goes on: for each place that it reads, the last message it has taken in. Kept as text in the
/// ledger.
struct DiscordCursor: Sendable, Hashable {
  struct Room: Sendable, Hashable {
    /// Nothing older was ever asked for; threads that come into sight later are read from here.
    var began: Snowflake
    var after: Snowflake
    /// The newest change of a message that was seen, as the server wrote it; empty for none.
    var edited = ""
    /// When threads that are closed by now were last looked for: seconds since 1970, in whole steps of `lookStep`.
    var looked: Int?
  }

  struct Thread: Sendable, Hashable {
    var parent: Snowflake
    var after: Snowflake
  }

  var rooms: [Snowflake: Room] = [:]
  var threads: [Snowflake: Thread] = [:]
  /// Goes up with each poll that brings what no place in a room stands for: edits, deletions, thumbs.
  var looks = 0

  /// In seconds. A cursor that changed with every round would be written with every round.
  static let lookStep = 600

  /// Of threads; those in which nobody has written for longest are forgotten first.
  static let mostThreads = 2_000

  init() {}

  /// - Returns: nil for a text that is none of these.
  init?(_ text: String) {
    guard let value = try? JSONValue.parse(text), let rooms = value["rooms"]?.object else { return nil }
    for (key, room) in rooms {
      guard let id = Snowflake(key), let began = room["began"]?.string.flatMap({ Snowflake($0) }),
        let after = room["after"]?.string.flatMap({ Snowflake($0) })
      else { return nil }
      self.rooms[id] = Room(
        began: began, after: after, edited: room["edited"]?.string ?? "",
        looked: room["looked"]?.int.flatMap { (0..<1 << 53).contains($0) ? $0 : nil })
    }
    looks = value["looks"]?.int.flatMap { (0..<1 << 53).contains($0) ? $0 : nil } ?? 0
    for (key, thread) in value["threads"]?.object ?? [:] {
      guard let id = Snowflake(key), let parent = thread["of"]?.string.flatMap({ Snowflake($0) }),
        let after = thread["after"]?.string.flatMap({ Snowflake($0) })
      else { return nil }
      threads[id] = Thread(parent: parent, after: after)
    }
  }

  /// The same cursor gives the same text.
  var text: String {
    var rooms = JSONObject()
    for (id, room) in self.rooms.sorted(by: { $0.key < $1.key }) {
      var value: JSONObject = ["began": .string("\(room.began)"), "after": .string("\(room.after)")]
      if !room.edited.isEmpty { value["edited"] = .string(room.edited) }
      if let looked = room.looked { value["looked"] = .integer(looked) }
      rooms["\(id)"] = .object(value)
    }
    var threads = JSONObject()
    for (id, thread) in self.threads.sorted(by: { $0.key < $1.key }) {
      threads["\(id)"] = ["of": .string("\(thread.parent)"), "after": .string("\(thread.after)")]
    }
    return JSONValue.object(["rooms": .object(rooms), "threads": .object(threads), "looks": .integer(looks)])
      .serialized()
  }

  mutating func forgetOldThreads() {
    guard threads.count > Self.mostThreads else { return }
    let kept = threads.sorted { ($0.value.after, $0.key) > ($1.value.after, $1.key) }.prefix(Self.mostThreads)
    threads = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
  }
}
