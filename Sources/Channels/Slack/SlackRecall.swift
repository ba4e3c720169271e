import JSON
import Support

/// What stands in the rooms that the bot may have written before it was started.
///
/// A room is read once by each process, from the oldest message that is still to be answered on, and not once for each
/// reply: after a crash in a flood there are many.
actor SlackRecall {
  struct Room: Sendable {
    /// All behind this time has been read.
    var since: SlackTime
    /// The bot's own, by key and piece.
    var replies: [String: [Int: String]] = [:]
    /// Messages under which nobody has written.
    var quiet: Set<SlackTime> = []
  }

  private let server: SlackServer
  private var rooms = RecentValues<String, Room>(capacity: 500)
  private var busy: Set<String> = []
  private var waiters: [CheckedContinuation<Void, Never>] = []

  private static let pageSize = 200
  private static let mostPages = 50

  init(server: SlackServer) { self.server = server }

  /// - Parameter isAnew: whether what was read before is not enough.
  /// - Throws: `SlackRefusal`, `ChannelError`.
  func room(_ id: String, since time: SlackTime, isAnew: Bool) async throws -> Room {
    while busy.contains(id) { await withCheckedContinuation { waiters.append($0) } }
    if !isAnew, let known = rooms.value(for: id), known.since <= time { return known }
    busy.insert(id)
    defer {
      busy.remove(id)
      let waiting = waiters
      waiters = []
      for waiter in waiting { waiter.resume() }
    }
    let since = min(time, rooms.value(for: id)?.since ?? time)
    var room = Room(since: since)
    for message in try await messages("conversations.history", [("channel", id)], since: since) {
      guard let time = SlackTime(message["ts"]?.string) else { continue }
      if message["thread_ts"]?.string == nil, message["reply_count"]?.int ?? 0 == 0 { room.quiet.insert(time) }
      if let mark = SlackMark(message) { room.replies[mark.key, default: [:]][mark.piece] = "\(id):\(time.text)" }
    }
    rooms.set(room, for: id)
    return room
  }

  /// Of one reply in one thread, by piece.
  nonisolated func replies(_ key: String, in room: String, thread: String, since time: SlackTime?) async throws
    -> [Int: String]
  {
    var found: [Int: String] = [:]
    do {
      let query = [("channel", room), ("ts", thread)]
      for message in try await messages("conversations.replies", query, since: time) {
        guard let mark = SlackMark(message), mark.key == key, let time = SlackTime(message["ts"]?.string) else {
          continue
        }
        found[mark.piece] = "\(room):\(time.text)"
      }
    } catch let refusal as SlackRefusal where refusal.code == "thread_not_found" {
      return [:]
    }
    return found
  }

  private nonisolated func messages(
    _ method: String, _ query: [(String, String)], since time: SlackTime?
  ) async throws -> [JSONValue] {
    var call = SlackCall(
      method: method,
      query: query + [("limit", String(Self.pageSize)), ("include_all_metadata", "true")],
      purpose: "the search for a reply that may have arrived")
    if let time { call.query.append(("oldest", time.text)) }
    let first = call.query
    var messages: [JSONValue] = []
    for _ in 0..<Self.mostPages {
      let answer = try await server.value(call)
      guard let page = answer["messages"]?.array else { throw server.malformed(call, "has no messages") }
      messages += page
      guard answer["has_more"]?.bool == true, let next = answer["response_metadata"]?["next_cursor"]?.string,
        !next.isEmpty
      else { return messages }
      call.query = first + [("cursor", next)]
    }
    throw ChannelError(
      .refused,
      "channel '\(server.channel)': there are more than \(Self.pageSize * Self.mostPages) messages in \(query[0].1) since "
        + "what is answered, and the reply may be among them; look there, and answer by hand", isRetriable: false)
  }
}
