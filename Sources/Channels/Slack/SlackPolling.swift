import Foundation
import JSON
import Support

/// One poll of a Slack workspace.
///
/// Of each room the newest page is read again and again. It says what is new, what was edited or taken back, which thumbs
/// there are, and under which messages somebody has answered; those threads are read next. Where a page does not reach back
/// to what is known, the room is read back page by page, noting only at which time each page begins, and then forward from
/// known ground, one page a poll: an outage of any length takes no more memory than a page, and people are answered in the
/// order in which they wrote. All of this stands in the cursor, so that a new process goes on in the middle.
struct SlackPolling: Sendable {
  let session: SlackSession
  let settings: SlackSettings
  let now: @Sendable () -> Date

  var server: SlackServer { session.server }

  static let pageSize = 100
  /// Messages of a room, and of a thread, of which edits, deletions and thumbs are noticed.
  static let recentInRoom = 60
  static let recentInThread = 15
  /// Threads of a room that are looked at again and again.
  static let threadsWatched = 40
  /// While so many threads of a room are still to be read, the room itself waits.
  static let mostDueThreads = 40
  /// How many pages are noted on the way back. Behind that, two pages become one.
  static let mostPages = 400
  /// How many pages one range may take.
  static let mostPagesAtOnce = 10
  static let historyMethod = "conversations.history"
  static let repliesMethod = "conversations.replies"

  func begin() async throws -> Poll {
    var cursor = SlackCursor()
    var poll = Poll()
    try await findRooms(&cursor, isFirst: true, &poll)
    poll.cursor = cursor.text
    return poll
  }

  func poll(after old: SlackCursor) async throws -> Poll {
    let identity = try await session.identity()
    var cursor = old
    var poll = Poll()
    if settings.findsRooms ? session.isListDue(now().timeIntervalSince1970) : !hasAllRooms(cursor) {
      do {
        try await findRooms(&cursor, isFirst: false, &poll)
      } catch {
        session.listAgain()
        throw error
      }
    }
    guard !cursor.rooms.isEmpty else {
      // Nothing to read, and yet no reason to ask at once again.
      try await server.pace.take(Self.historyMethod)
      poll.cursor = cursor.text
      return poll
    }
    var reads = 0
    let atOnce = max(1, min(server.pace.free(Self.historyMethod), cursor.rooms.count, 10))
    var lastRefusal: SlackRefusal?
    for _ in 0..<atOnce {
      let place = cursor.turn % cursor.rooms.count
      cursor.turn = (place + 1) % cursor.rooms.count
      var room = cursor.rooms[place]
      do {
        try await read(&room, identity, &poll)
        room.problem = ""
        reads += 1
      } catch let refusal as SlackRefusal where refusal.isAboutRoom {
        lastRefusal = refusal
        note(refusal, &room, &poll)
      } catch  where reads > 0 && !(error is CancellationError) && !poll.isEmpty {
        // What has been read is kept; the next poll meets the trouble again, and tells of it.
        break
      }
      cursor.rooms[place] = room
    }
    if reads == 0, let lastRefusal, cursor.rooms.allSatisfy({ !$0.problem.isEmpty }), poll.unreadable.isEmpty {
      throw lastRefusal
    }
    poll.cursor = cursor.text
    return poll
  }

  func note(_ refusal: SlackRefusal, _ room: inout SlackCursor.Room, _ poll: inout Poll) {
    let code = refusal.code ?? "\(refusal.status)"
    guard room.problem != code else { return }
    room.problem = code
    let error = ChannelError(refusal, channel: server.channel, during: "a poll of \(room.id)", mayRepeat: true)
    poll.unreadable.append(
      MessageReader.unreadable(
        id: "\(room.id):\(code):\(room.line.known.text)", reason: "a room cannot be read: \(error.description)",
        raw: Array(room.id.utf8)))
  }

  // MARK: One room

  private func read(_ room: inout SlackCursor.Room, _ identity: SlackIdentity, _ poll: inout Poll) async throws {
    let written = session.takeWritten(in: room.id)
    watch(written, &room)
    do {
      try await readAll(&room, identity, &poll)
    } catch {
      session.wrote(written, in: room.id)
      throw error
    }
  }

  private func readAll(_ room: inout SlackCursor.Room, _ identity: SlackIdentity, _ poll: inout Poll) async throws {
    let due = room.threads.count { $0.isDue }
    if due < Self.mostDueThreads {
      if room.descent != nil {
        try await descend(&room)
      } else if !room.pages.isEmpty {
        try await ascend(&room, identity, &poll)
      } else {
        try await readNewest(&room, identity, &poll)
      }
    }
    try await readThreads(&room, identity, &poll)
  }

  private func readNewest(
    _ room: inout SlackCursor.Room, _ identity: SlackIdentity, _ poll: inout Poll
  ) async throws {
    let page = try await history(room.id, [("limit", String(Self.pageSize)), ("include_all_metadata", "true")])
    let times = page.values.compactMap { SlackTime($0["ts"]?.string) }
    if page.hasMore, let oldest = times.min(), let newest = times.max(), oldest > room.line.known {
      room.pages = [newest]
      room.descent = oldest
      return
    }
    try await take(page.values, isNewestPage: true, &room, identity, &poll)
  }

  /// One page further back.
  private func descend(_ room: inout SlackCursor.Room) async throws {
    guard let descent = room.descent else { return }
    let page = try await history(
      room.id, [("latest", descent.text), ("oldest", room.line.known.text), ("limit", String(Self.pageSize))])
    let times = page.values.compactMap { SlackTime($0["ts"]?.string) }.filter { $0 < descent && $0 > room.line.known }
    guard let newest = times.max(), let oldest = times.min() else {
      room.descent = nil
      return
    }
    room.pages.append(newest)
    room.descent = page.hasMore ? oldest : nil
    if room.pages.count > Self.mostPages {
      room.pages = room.pages.enumerated().filter { $0.offset % 2 == 0 || $0.offset == room.pages.count - 1 }
        .map(\.element)
    }
  }

  /// One page forward from known ground.
  private func ascend(
    _ room: inout SlackCursor.Room, _ identity: SlackIdentity, _ poll: inout Poll
  ) async throws {
    guard let until = room.pages.last else { return }
    var values: [JSONValue] = []
    var next: String?
    var hasMore = false
    for _ in 0..<Self.mostPagesAtOnce {
      var query = [
        ("oldest", room.line.known.text), ("latest", until.text), ("inclusive", "true"),
        ("limit", String(Self.pageSize)), ("include_all_metadata", "true"),
      ]
      if let next { query.append(("cursor", next)) }
      let page = try await history(room.id, query)
      values += page.values
      hasMore = page.hasMore
      guard page.hasMore, let following = page.next, following != next else { break }
      next = following
    }
    let oldest = values.compactMap { SlackTime($0["ts"]?.string) }.filter { $0 > room.line.known }.min()
    if hasMore, let oldest, oldest < until {
      // Too much for one range: what is before comes first.
      room.pages.append(oldest)
      return
    }
    try await take(values, isNewestPage: false, &room, identity, &poll)
    room.line.known = max(room.line.known, until)
    room.pages.removeLast()
  }

  // MARK: Pages

  struct Page {
    var values: [JSONValue]
    var hasMore: Bool
    var next: String?
  }

  func history(_ room: String, _ query: [(String, String)]) async throws -> Page {
    try await page(Self.historyMethod, [("channel", room)] + query, "a poll")
  }

  func page(_ method: String, _ query: [(String, String)], _ purpose: String) async throws -> Page {
    let call = SlackCall(method: method, query: query.map { (name: $0.0, value: $0.1) }, purpose: purpose)
    let answer = try await server.value(call)
    guard let values = answer["messages"]?.array else { throw server.malformed(call, "has no messages") }
    guard values.count <= PollReader.maximumMessages else {
      throw server.malformed(call, "holds \(values.count) messages at once")
    }
    let next = answer["response_metadata"]?["next_cursor"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    return Page(values: values, hasMore: answer["has_more"]?.bool ?? (next != nil), next: next)
  }

  /// What cannot be read is set aside once, and is then known like all else.
  func events(
    _ values: [JSONValue], in room: String, _ line: inout SlackCursor.Timeline, _ identity: SlackIdentity,
    _ poll: inout Poll
  ) -> [SlackEvent] {
    var events: [SlackEvent] = []
    let known = line.known
    for value in values {
      do throws(SlackEvent.Problem) {
        events.append(try SlackEvent(value, identity: identity))
      } catch {
        let time = SlackTime(value["ts"]?.string)
        if let time, time <= known { continue }
        if let time { line.known = max(line.known, time) }
        poll.unreadable.append(
          MessageReader.unreadable(
            id: time.map { "\(room):\($0.text)" }, reason: "the message \(error.reason)", raw: value.serializedBytes()))
      }
    }
    // Newest first, as Slack has it, turned round; pages may overlap.
    events.sort { $0.time < $1.time }
    var last: SlackTime?
    return events.filter { event in
      defer { last = event.time }
      return event.time != last
    }
  }

  private func take(
    _ values: [JSONValue], isNewestPage: Bool, _ old: inout SlackCursor.Room, _ identity: SlackIdentity,
    _ poll: inout Poll
  ) async throws {
    // Kept whole or not at all: a failure half way leaves the room and the poll as they were.
    var room = old
    var taken = poll
    let events = events(values, in: room.id, &room.line, identity, &taken)
    let reader = SlackMessageReader(session: session, settings: settings, identity: identity, now: now())
    for event in events
    where event.time > room.began || event.latestReply.map({ $0 > room.began }) ?? (event.replyCount > 0) {
      if event.time > room.began {
        try await reader.read(event, in: room, isInThreadForBot: false, &room.line, &taken)
      }
      if settings.rooms[room.id]?.answering != .never { watch(event, &room, identity) }
    }
    if isNewestPage, let oldest = events.first?.time {
      reader.noteDeletions(from: oldest, present: Set(events.map(\.time)), in: room.id, &room.line, &taken)
    }
    room.line.trim(to: Self.recentInRoom)
    old = room
    poll = taken
  }
}
