import JSON

/// Where a Slack channel goes on: per room what has been read, what is still to be read, and how the latest messages
/// looked, so that edits, deletions and thumbs are noticed also over a restart. Kept as text in the ledger.
struct SlackCursor: Sendable, Hashable {
  /// One message, as it was last seen.
  struct Entry: Sendable, Hashable {
    var time: SlackTime
    /// Who wrote it, where it is a person's message that was taken in; empty for all others.
    var person: String
    /// When it was last edited; empty where it was not.
    var edited: String = ""
    /// Thumbs under a message of the bot's, as `U123+1763892000`: who, which (`+`, `-`, or a digit that was chosen), and
    /// when it was first seen.
    var signs: [String] = []
  }

  /// A room or a thread, read up to a time.
  struct Timeline: Sendable, Hashable {
    /// All before and at it has been read.
    var known: SlackTime
    /// Behind it, every message that has been read is in `recent`.
    var floor: SlackTime
    /// Oldest first.
    var recent: [Entry] = []

    init(from time: SlackTime) {
      known = time
      floor = time
    }

    /// Keeps the latest.
    mutating func trim(to count: Int) {
      guard recent.count > count else { return }
      floor = max(floor, recent[recent.count - count - 1].time)
      recent.removeFirst(recent.count - count)
    }
  }

  struct Thread: Sendable, Hashable {
    /// The message that it is under.
    var root: SlackTime
    var line: Timeline
    var isForBot: Bool
    /// How many answers there were when it was last marked as due.
    var count = 0
    /// Whether there is more to read, as far as is known.
    var isDue: Bool
  }

  struct Room: Sendable, Hashable {
    var id: String
    var isDirect: Bool
    /// What was said before is nobody's question.
    var began: SlackTime
    var line: Timeline
    /// The newest times of pages that are still to be read, newest first, while the room is read back.
    var pages: [SlackTime] = []
    /// The oldest time that has been seen on the way back; nil once known ground is reached.
    var descent: SlackTime?
    /// By the time of their last message, oldest first.
    var threads: [Thread] = []
    /// Slack's word for why it cannot be read.
    var problem: String = ""

    init(id: String, isDirect: Bool, from time: SlackTime) {
      self.id = id
      self.isDirect = isDirect
      began = time
      line = Timeline(from: time)
    }
  }

  var rooms: [Room] = []
  /// The newest time that had been seen anywhere when rooms were last listed: a room that is new since then is read from
  /// there.
  var listed: SlackTime = .zero
  /// Whose turn it is.
  var turn = 0

  init() {}

  var newest: SlackTime { rooms.map(\.line.known).max() ?? .zero }
}

extension SlackCursor {
  /// - Returns: nil for a text that is none of these.
  init?(_ text: String) {
    guard let value = try? JSONValue.parse(text), value["slack"]?.int == 1,
      let listed = SlackTime(value["listed"]?.string)
    else { return nil }
    self.listed = listed
    turn = max(0, value["turn"]?.int ?? 0)
    for value in value["rooms"]?.array ?? [] {
      guard let room = Room(value) else { return nil }
      rooms.append(room)
    }
  }

  var text: String {
    let value: JSONValue = [
      "slack": 1, "listed": .string(listed.text), "turn": .integer(turn), "rooms": .array(rooms.map(\.json)),
    ]
    return value.serialized()
  }
}

extension SlackCursor.Room {
  fileprivate init?(_ value: JSONValue) {
    guard let id = value["id"]?.string, let began = SlackTime(value["began"]?.string),
      let line = SlackCursor.Timeline(value["line"])
    else { return nil }
    self.init(id: id, isDirect: value["direct"]?.bool ?? false, from: began)
    self.line = line
    pages = (value["pages"]?.array ?? []).compactMap { SlackTime($0.string) }
    descent = SlackTime(value["descent"]?.string)
    problem = value["problem"]?.string ?? ""
    threads = (value["threads"]?.array ?? []).compactMap { thread in
      guard let root = SlackTime(thread["root"]?.string), let line = SlackCursor.Timeline(thread["line"]) else {
        return nil
      }
      return SlackCursor.Thread(
        root: root, line: line, isForBot: thread["bot"]?.bool ?? false, count: max(0, thread["count"]?.int ?? 0),
        isDue: thread["due"]?.bool ?? false)
    }
  }

  fileprivate var json: JSONValue {
    var object: JSONObject = ["id": .string(id), "began": .string(began.text), "line": line.json]
    if isDirect { object["direct"] = true }
    if !pages.isEmpty { object["pages"] = .array(pages.map { .string($0.text) }) }
    if let descent { object["descent"] = .string(descent.text) }
    if !problem.isEmpty { object["problem"] = .string(problem) }
    if !threads.isEmpty {
      object["threads"] = .array(
        threads.map { thread in
          var value: JSONObject = ["root": .string(thread.root.text), "line": thread.line.json]
          if thread.isForBot { value["bot"] = true }
          if thread.count > 0 { value["count"] = .integer(thread.count) }
          if thread.isDue { value["due"] = true }
          return .object(value)
        })
    }
    return .object(object)
  }
}

extension SlackCursor.Timeline {
  /// `[known, floor, [time, person, edited, sign…]…]`
  fileprivate init?(_ value: JSONValue?) {
    guard let list = value?.array, list.count >= 2, let known = SlackTime(list[0].string),
      let floor = SlackTime(list[1].string)
    else { return nil }
    self.known = known
    self.floor = floor
    for item in list.dropFirst(2) {
      let parts = (item.array ?? []).compactMap(\.string)
      guard parts.count >= 3, let time = SlackTime(parts[0]) else { return nil }
      recent.append(.init(time: time, person: parts[1], edited: parts[2], signs: Array(parts.dropFirst(3))))
    }
  }

  fileprivate var json: JSONValue {
    let entries = recent.map { entry -> JSONValue in
      .array(([entry.time.text, entry.person, entry.edited] + entry.signs).map { .string($0) })
    }
    return .array([.string(known.text), .string(floor.text)] + entries)
  }
}
