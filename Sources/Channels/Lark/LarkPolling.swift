import Foundation
import JSON
import Support

/// One poll of Lark.
///
/// A room is read forward by time, from a little before what is known, so that one answer tells of what is new and of what
/// was edited or recalled. An outage is caught up with page by page, poll by poll; how far that has come stands in the
/// cursor. Threads of ordinary groups are places of their own and are read in turns.
struct LarkPolling: Sendable {
  let session: LarkSession
  let settings: LarkSettings
  let now: @Sendable () -> Date

  private var server: LarkServer { session.server }

  private static let pageSize = 50
  /// Messages of a room, and of a thread, of which edits and recalls are noticed.
  private static let recentInRoom = 30
  private static let recentInThread = 12
  private static let threadsWatched = 20
  /// New messages of one room in one poll, about.
  private static let enoughAtOnce = 200
  private static let mostPagesAtOnce = 400

  func begin() async throws -> Poll {
    var cursor = LarkCursor()
    var poll = Poll()
    // Who the bot is, and whether the app is as it should be, is found out at once.
    _ = try await session.bot()
    try await findRooms(&cursor, isFirst: true, &poll)
    poll.cursor = cursor.text
    return poll
  }

  func poll(after old: LarkCursor) async throws -> Poll {
    let bot = try await session.bot()
    var cursor = old
    var poll = Poll()
    let isMissing = settings.rooms.contains { id, room in
      (room.answering != .never || id == settings.canary?.room) && !cursor.rooms.contains { $0.id == id }
    }
    if settings.findsRooms ? session.isListDue(now().timeIntervalSince1970) : isMissing {
      do {
        try await findRooms(&cursor, isFirst: false, &poll)
      } catch {
        session.listAgain()
        throw error
      }
    }
    var reads = 0
    var lastRefusal: LarkRefusal?
    let atOnce = cursor.rooms.isEmpty ? 0 : max(1, min(server.pace.free("reading") / 3, cursor.rooms.count, 10))
    if atOnce == 0 { try await server.pace.take("reading") }
    for _ in 0..<atOnce {
      let place = cursor.turn % cursor.rooms.count
      cursor.turn = (place + 1) % cursor.rooms.count
      var room = cursor.rooms[place]
      var taken = poll
      do {
        let reader = LarkMessageReader(session: session, settings: settings, bot: bot, now: now())
        try await readRoom(&room, reader, &taken)
        try await readThreads(&room, reader, &taken)
        try await look(&room, &taken)
        room.problem = 0
        cursor.rooms[place] = room
        poll = taken
        reads += 1
      } catch let refusal as LarkRefusal where refusal.isAboutRoom {
        lastRefusal = refusal
        note(refusal, &cursor.rooms[place], &poll)
      } catch  where !poll.isEmpty && !(error is CancellationError) {
        // What has been read is kept; the next poll meets the trouble again, and tells of it.
        break
      }
    }
    if reads == 0, let lastRefusal, poll.unreadable.isEmpty, cursor.rooms.allSatisfy({ $0.problem != 0 }) {
      throw lastRefusal
    }
    poll.cursor = cursor.text
    return poll
  }

  private func note(_ refusal: LarkRefusal, _ room: inout LarkCursor.Room, _ poll: inout Poll) {
    let code = refusal.code ?? refusal.status
    guard room.problem != code else { return }
    room.problem = code
    let error = ChannelError(refusal, channel: server.channel, during: "a poll of \(room.id)", mayRepeat: true)
    poll.unreadable.append(
      MessageReader.unreadable(
        id: "\(room.id):\(code):\(room.line.floor)", reason: "a room cannot be read: \(error.description)",
        raw: Array(room.id.utf8)))
  }

  // MARK: Rooms

  private func findRooms(_ cursor: inout LarkCursor, isFirst: Bool, _ poll: inout Poll) async throws {
    var found: [(id: String, isDirect: Bool?)] = []
    if settings.findsRooms { found = try await groups().map { ($0, false) } }
    for id in settings.rooms.keys.sorted() where !found.contains(where: { $0.id == id }) { found.append((id, nil)) }
    found.removeAll { $0.id != settings.canary?.room && settings.rooms[$0.id]?.answering == .never }
    cursor.rooms.removeAll { room in room.problem != 0 && !found.contains { $0.id == room.id } }
    let seen = cursor.newest
    var lastRefusal: LarkRefusal?
    for room in found where !cursor.rooms.contains(where: { $0.id == room.id }) {
      do {
        var isDirect = room.isDirect ?? false
        if room.isDirect == nil {
          let call = LarkCall(path: ["im", "v1", "chats", room.id], purpose: "the question for a room")
          isDirect = try await session.value(call)["data"]?["chat_mode"]?.string == "p2p"
        }
        let from = isFirst || cursor.listed == 0 ? try await newestTime(room.id) : cursor.listed
        cursor.rooms.append(.init(id: room.id, isDirect: isDirect, line: .init(floor: from), began: from))
      } catch let refusal as LarkRefusal where refusal.isAboutRoom {
        var unread = LarkCursor.Room(id: room.id, isDirect: false, line: .init(floor: 0), began: 0)
        note(refusal, &unread, &poll)
        lastRefusal = refusal
      }
    }
    if cursor.rooms.isEmpty, let lastRefusal { throw lastRefusal }
    cursor.listed = max(cursor.listed, seen, isFirst ? cursor.newest : 0)
    cursor.turn = cursor.rooms.isEmpty ? 0 : cursor.turn % cursor.rooms.count
  }

  func groups() async throws -> [String] {
    var rooms: [String] = []
    var page = ""
    for _ in 0..<100 {
      var call = LarkCall(
        path: ["im", "v1", "chats"], query: [("page_size", "100")], purpose: "the question for its groups")
      if !page.isEmpty { call.query.append(("page_token", page)) }
      let data = try await session.value(call)["data"]
      for room in data?["items"]?.array ?? [] {
        guard let id = room["chat_id"]?.string, !id.isEmpty, id.utf8.count <= 128, !rooms.contains(id) else { continue }
        rooms.append(id)
      }
      let next = data?["page_token"]?.string ?? ""
      guard data?["has_more"]?.bool == true, !next.isEmpty, next != page else { break }
      page = next
    }
    return rooms
  }

  func newestTime(_ room: String) async throws -> Int {
    let page = try await page("chat", room, [("sort_type", "ByCreateTimeDesc"), ("page_size", "1")])
    return page.values.compactMap { LarkEvent.milliseconds($0["create_time"]) }.max() ?? 0
  }

  // MARK: Pages

  private struct Page {
    var values: [JSONValue]
    /// Nil behind the last.
    var next: String?
  }

  private func page(_ kind: String, _ id: String, _ query: [(String, String)]) async throws -> Page {
    let call = LarkCall(
      path: ["im", "v1", "messages"],
      query: [("container_id_type", kind), ("container_id", id)] + query.map { (name: $0.0, value: $0.1) },
      purpose: "a poll")
    let answer = try await session.value(call)
    guard let data = answer["data"], data.object != nil else { throw server.malformed(call, "has no data") }
    // A room in which nothing was said has no items.
    guard let items = data["items"] == nil || data["items"]?.isNull == true ? [] : data["items"]?.array else {
      throw server.malformed(call, "has no messages")
    }
    guard items.count <= PollReader.maximumMessages else {
      throw server.malformed(call, "holds \(items.count) messages at once")
    }
    let next = data["page_token"]?.string ?? ""
    return Page(values: items, next: data["has_more"]?.bool == true && !next.isEmpty ? next : nil)
  }

  private func readRoom(
    _ room: inout LarkCursor.Room, _ reader: LarkMessageReader, _ poll: inout Poll
  ) async throws {
    var next: String?
    let before = room.line.recent.count
    for _ in 0..<Self.mostPagesAtOnce {
      var query = [("sort_type", "ByCreateTimeAsc"), ("page_size", String(Self.pageSize))]
      // In whole seconds: the first of them are seen again.
      if room.line.floor >= 1000 { query.append(("start_time", String(room.line.floor / 1000))) }
      if let next { query.append(("page_token", next)) }
      let page = try await page("chat", room.id, query)
      for event in reader.events(page.values, &room.line, &poll) {
        if let thread = event.thread { watch(thread, event, &room, bot: reader.bot) }
        try await reader.read(event, in: room, &room.line, &poll)
      }
      guard let following = page.next, following != next else { break }
      next = following
      // At least one page with something new in it, or there would be no end to many messages of one second.
      if room.line.recent.count - before >= Self.enoughAtOnce { break }
    }
    room.line.trim(to: Self.recentInRoom)
  }

  private func watch(_ thread: String, _ event: LarkEvent, _ room: inout LarkCursor.Room, bot: String) {
    let isForBot = room.isDirect || event.mentionsBot || event.isOwn
    if let place = room.threads.firstIndex(where: { $0.id == thread }) {
      if isForBot { room.threads[place].isForBot = true }
      return
    }
    // What was said before the bot was there is nobody's question, and so are the answers to it.
    guard event.time > room.began else { return }
    room.threads.append(.init(id: thread, line: .init(floor: room.began), isForBot: isForBot))
    if room.threads.count > Self.threadsWatched { room.threads.removeFirst() }
  }

  /// One or two, in turns.
  private func readThreads(
    _ room: inout LarkCursor.Room, _ reader: LarkMessageReader, _ poll: inout Poll
  ) async throws {
    for _ in 0..<min(2, room.threads.count) {
      var thread = room.threads.removeFirst()
      do {
        try await read(&thread, in: room, reader, &poll)
        room.threads.append(thread)
      } catch let refusal as LarkRefusal where refusal.isTargetGone || refusal.code == 230_001 {
        // Gone, or its page is too old: from its beginning, once; the ledger knows what was read.
        if !thread.page.isEmpty {
          thread.page = ""
          room.threads.append(thread)
        }
      }
    }
  }

  private func read(
    _ thread: inout LarkCursor.Thread, in room: LarkCursor.Room, _ reader: LarkMessageReader, _ poll: inout Poll
  ) async throws {
    for _ in 0..<20 {
      // Threads cannot be asked for by time: the place is the page.
      var query = [("sort_type", "ByCreateTimeAsc"), ("page_size", String(Self.pageSize))]
      if !thread.page.isEmpty { query.append(("page_token", thread.page)) }
      let page = try await page("thread", thread.id, query)
      for event in reader.events(page.values, &thread.line, &poll) {
        if event.isOwn || event.mentionsBot { thread.isForBot = true }
        // The first message stands in the room as well, and is read there.
        if room.line.recent.contains(where: { $0.id == event.id }) { continue }
        try await reader.read(event, in: room, isInThreadForBot: thread.isForBot, &thread.line, &poll)
      }
      thread.line.trim(to: Self.recentInThread)
      guard let next = page.next, next != thread.page else { return }
      thread.page = next
    }
  }

  // MARK: Thumbs

  /// Looks at one of the bot's latest messages.
  private func look(_ room: inout LarkCursor.Room, _ poll: inout Poll) async throws {
    var places: [(thread: Int?, entry: Int)] = []
    for (number, entry) in room.line.recent.enumerated() where entry.isOwn { places.append((nil, number)) }
    for (thread, line) in room.threads.map(\.line).enumerated() {
      for (number, entry) in line.recent.enumerated() where entry.isOwn { places.append((thread, number)) }
    }
    // The latest ten of the room and of its threads.
    places = places.suffix(10)
    guard !places.isEmpty else { return }
    let place = places[room.look % places.count]
    room.look = (room.look + 1) % places.count
    var entry = place.thread.map { room.threads[$0].line.recent[place.entry] } ?? room.line.recent[place.entry]
    do {
      try await look(&entry, &poll)
    } catch let refusal as LarkRefusal where !refusal.isRateLimit {
      // Recalled, or the app may not: thumbs are not worth a poll.
      return
    }
    if let thread = place.thread {
      room.threads[thread].line.recent[place.entry] = entry
    } else {
      room.line.recent[place.entry] = entry
    }
  }

  private func look(_ entry: inout LarkCursor.Entry, _ poll: inout Poll) async throws {
    let call = LarkCall(
      path: ["im", "v1", "messages", entry.id, "reactions"], query: [("page_size", "50")],
      purpose: "the question for reactions")
    let data = try await session.value(call)["data"]
    var kept: [String] = []
    for item in data?["items"]?.array ?? [] {
      guard let id = item["reaction_id"]?.string, !id.isEmpty, id.utf8.count <= 256, !id.contains(" "),
        item["operator"]?["operator_type"]?.string == "user",
        let person = item["operator"]?["operator_id"]?.string, !person.isEmpty, person.utf8.count <= 128,
        !person.contains(" "), !settings.ignoredSenders.contains(person),
        let isHelpful = Self.isHelpful(item["reaction_type"]?["emoji_type"]?.string ?? "")
      else { continue }
      let sign = "\(isHelpful ? "+" : "-") \(person) \(id)"
      kept.append(sign)
      guard !entry.signs.contains(sign) else { continue }
      poll.reactions.append(
        Reaction(
          id: id, message: entry.id, sender: Support.Sender(id: person, name: try await session.name(of: person)),
          isHelpful: isHelpful, at: MessageTime.date(of: item["action_time"], now: now())))
    }
    if data?["has_more"]?.bool != true {
      for old in entry.signs where !kept.contains(old) {
        let parts = old.split(separator: " ")
        guard parts.count == 3 else { continue }
        let person = String(parts[1])
        poll.reactions.append(
          Reaction(
            id: String(parts[2]), message: entry.id, sender: Support.Sender(id: person, name: person),
            isHelpful: parts[0] == "+", isRemoved: true, at: now()))
      }
      entry.signs = Array(kept.prefix(50))
    }
  }

  static func isHelpful(_ emoji: String) -> Bool? {
    switch emoji.lowercased() {
    case "thumbsup", "jiayi", "+1": true
    case "thumbsdown", "-1": false
    default: nil
    }
  }
}
