import JSON

/// Where a Lark channel goes on: per room up to which time it has been read, and how its latest messages looked, so that
/// edits, recalls and thumbs are noticed also over a restart. Kept as text in the ledger.
struct LarkCursor: Sendable, Hashable {
  /// One message, as it was last seen.
  struct Entry: Sendable, Hashable {
    var id: String
    /// In milliseconds since 1970.
    var time: Int
    /// Who wrote it, where it is a person's message that was taken in; `=` for the bot's own; empty for all others.
    var person: String
    /// In milliseconds; 0 where it was not edited.
    var edited = 0
    /// Of thumbs under a message of the bot's: whether `+` or `-`, who, and Lark's own id, apart by blanks.
    var signs: [String] = []

    var isOwn: Bool { person == "=" }
  }

  struct Timeline: Sendable, Hashable {
    /// Behind it, in milliseconds, every message that has been read is in `recent`; all before is done with.
    var floor: Int
    /// Oldest first.
    var recent: [Entry] = []

    /// In milliseconds. Messages of one moment may stand on several pages, and a server may show one a little after a
    /// later one: as far back as this they are told apart by their ids.
    private static let window = 10_000

    /// Keeps the latest, and all that are not much older than the newest.
    mutating func trim(to count: Int) {
      guard recent.count > count, let newest = recent.last?.time else { return }
      let old = recent.prefix(recent.count - count).prefix { $0.time < newest - Self.window }
      guard let last = old.last else { return }
      floor = max(floor, last.time)
      recent.removeFirst(old.count)
    }
  }

  struct Thread: Sendable, Hashable {
    /// `omt_…`
    var id: String
    var line: Timeline
    var isForBot: Bool
    /// The page where it is to be read on; empty for the first.
    var page = ""
  }

  struct Room: Sendable, Hashable {
    var id: String
    var isDirect: Bool
    var line: Timeline
    var threads: [Thread] = []
    /// Lark's code for why it cannot be read.
    var problem = 0
    /// Which of the bot's messages is looked at next for thumbs.
    var look = 0

    /// What was said before is nobody's question.
    var began: Int
  }

  var rooms: [Room] = []
  /// The newest time that had been seen anywhere when rooms were last listed.
  var listed = 0
  var turn = 0

  init() {}

  var newest: Int { rooms.map { $0.line.recent.last?.time ?? $0.line.floor }.max() ?? 0 }
}

extension LarkCursor {
  /// - Returns: nil for a text that is none of these.
  init?(_ text: String) {
    guard let value = try? JSONValue.parse(text), value["lark"]?.int == 1, let listed = value["listed"]?.int else {
      return nil
    }
    self.listed = listed
    turn = max(0, value["turn"]?.int ?? 0)
    for value in value["rooms"]?.array ?? [] {
      guard let id = value["id"]?.string, let line = Timeline(value["line"]) else { return nil }
      let threads = (value["threads"]?.array ?? []).compactMap { thread -> Thread? in
        guard let id = thread["id"]?.string, let line = Timeline(thread["line"]) else { return nil }
        return Thread(
          id: id, line: line, isForBot: thread["bot"]?.bool ?? false, page: thread["page"]?.string ?? "")
      }
      rooms.append(
        Room(
          id: id, isDirect: value["direct"]?.bool ?? false, line: line, threads: threads,
          problem: value["problem"]?.int ?? 0, look: max(0, value["look"]?.int ?? 0), began: value["began"]?.int ?? 0))
    }
  }

  var text: String {
    let rooms = rooms.map { room -> JSONValue in
      [
        "id": .string(room.id), "direct": .bool(room.isDirect), "began": .integer(room.began), "line": room.line.json,
        "problem": .integer(room.problem), "look": .integer(room.look),
        "threads": .array(
          room.threads.map { thread in
            [
              "id": .string(thread.id), "line": thread.line.json, "bot": .bool(thread.isForBot),
              "page": .string(thread.page),
            ]
          }),
      ]
    }
    let value: JSONValue = [
      "lark": 1, "listed": .integer(listed), "turn": .integer(turn), "rooms": .array(rooms),
    ]
    return value.serialized()
  }
}

extension LarkCursor.Timeline {
  /// `[floor, [id, time, person, edited, sign…]…]`
  fileprivate init?(_ value: JSONValue?) {
    guard let list = value?.array, let floor = list.first?.int else { return nil }
    self.floor = floor
    for item in list.dropFirst() {
      guard let id = item[0]?.string, let time = item[1]?.int, let person = item[2]?.string, let edited = item[3]?.int
      else { return nil }
      let signs = (item.array ?? []).dropFirst(4).compactMap(\.string)
      recent.append(.init(id: id, time: time, person: person, edited: edited, signs: signs))
    }
  }

  fileprivate var json: JSONValue {
    let entries = recent.map { entry -> JSONValue in
      let head: [JSONValue] = [
        .string(entry.id), .integer(entry.time), .string(entry.person), .integer(entry.edited),
      ]
      return .array(head + entry.signs.map { .string($0) })
    }
    return .array([.integer(floor)] + entries)
  }
}
