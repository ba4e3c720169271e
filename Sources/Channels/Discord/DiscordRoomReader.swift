import Foundation
import JSON
import Support

/// Reads what is new in one room and in the threads below it.
struct DiscordRoomReader: Sendable {
  typealias Place = DiscordPolling.Place
  typealias Round = DiscordPolling.Round

  let server: DiscordServer
  let settings: DiscordSettings
  let memory: DiscordMemory
  let messages: DiscordMessageReader

  static let pageSize = 100
  /// Threads of a room whose newest messages are looked at again.
  private static let mostReviews = 10
  /// Of a thread that was closed meanwhile, and of the list of those: what is left is read with the next look.
  private static let mostPages = 20
  private static let mostThreads = 5_000

  func read(_ id: Snowflake, _ round: inout Round) async throws {
    var room = memory.room(id)
    if room == nil || round.cursor.rooms[id] == nil {
      let fresh = DiscordRoom(id, try await server.value(DiscordCall(path: "channels/\(id)", purpose: .poll)))
      memory.set(fresh)
      room = fresh
      if round.cursor.rooms[id] == nil { try await begin(fresh, &round) }
    }
    guard let room, var state = round.cursor.rooms[id] else { return }
    if room.hasMessages {
      let place = Place(id: id, room: id, isDirect: room.isDirect)
      state.after = try await readPage(of: place, after: state.after, &round.poll).newest
      // Threads that are read from tomorrow on are not answered from today on.
      if !settings.readsThreads { state.began = state.after }
      round.cursor.rooms[id] = state
      round.reviewable.insert(id)
      if isDue(id) {
        state.edited = try await review(place, upTo: state.after, edited: state.edited, &round.found)
        round.cursor.rooms[id] = state
      }
    }
    guard readsThreads(of: room) else { return }
    try await readThreads(of: room, &round)
    try await readClosedThreads(of: room, &round)
  }

  /// The first look at a room takes nothing that was said before.
  private func begin(_ room: DiscordRoom, _ round: inout Round) async throws {
    var newest = room.newest ?? .zero
    if readsThreads(of: room) {
      for thread in try await threads(of: room, &round) { newest = max(newest, thread.newest, thread.id) }
    }
    round.cursor.rooms[room.id] = DiscordCursor.Room(began: newest, after: newest)
  }

  // MARK: Threads

  /// In a forum there is nothing else.
  private func readsThreads(of room: DiscordRoom) -> Bool {
    room.hasThreads && (settings.readsThreads || !room.hasMessages)
  }

  private func threads(of room: DiscordRoom, _ round: inout Round) async throws -> [DiscordThread] {
    guard let guild = room.guild else { return [] }
    if let known = round.activeThreads[guild] { return known.filter { $0.room == room.id } }
    let call = DiscordCall(path: "guilds/\(guild)/threads/active", purpose: .poll)
    guard let list = try await server.value(call)["threads"]?.array else {
      throw server.malformed(call, "holds no threads")
    }
    let threads = list.prefix(Self.mostThreads).compactMap { DiscordThread($0) }
    round.activeThreads[guild] = threads
    return threads.filter { $0.room == room.id }
  }

  private func readThreads(of room: DiscordRoom, _ round: inout Round) async throws {
    guard let began = round.cursor.rooms[room.id]?.began else { return }
    let threads = try await threads(of: room, &round)
    for thread in threads.sorted(by: { $0.id < $1.id }) {
      noteOwn(thread)
      let after = place(in: thread, began, round.cursor)
      guard thread.newest > after else { continue }
      try await passingOver {
        let read = try await readPage(of: Place(id: thread.id, room: room.id), after: after, &round.poll).newest
        round.cursor.threads[thread.id] = DiscordCursor.Thread(parent: room.id, after: read)
      }
    }
    // Where people write now, edits and thumbs are worth a look.
    for thread in threads.sorted(by: { $0.newest > $1.newest }).prefix(Self.mostReviews) {
      guard let after = round.cursor.threads[thread.id]?.after else { continue }
      round.reviewable.insert(thread.id)
      guard isDue(thread.id) else { continue }
      try await passingOver {
        _ = try await review(Place(id: thread.id, room: room.id), upTo: after, edited: "", &round.found)
      }
    }
  }

  /// Threads that somebody closed before they were read, or that closed by themselves while the program was away. Discord
  /// lists them by when that was.
  private func readClosedThreads(of room: DiscordRoom, _ round: inout Round) async throws {
    guard var state = round.cursor.rooms[room.id] else { return }
    let step = DiscordCursor.lookStep
    let looked = max(0, Int(messages.now.timeIntervalSince1970)) / step * step
    guard let last = state.looked, last <= looked + step else {
      // Nothing closed earlier than now can hold anything new; and a clock that was set back begins anew.
      state.looked = looked
      round.cursor.rooms[room.id] = state
      return
    }
    guard last < looked else { return }
    // Some minutes earlier, for clocks that differ.
    let since = Date(timeIntervalSince1970: TimeInterval(last - step))
    var before: String?
    for _ in 0..<Self.mostPages {
      var path = "channels/\(room.id)/threads/archived/public?limit=\(Self.pageSize)"
      if let before { path += "&before=\(before)" }
      let call = DiscordCall(path: path, purpose: .poll)
      let answer = try await server.value(call)
      guard let list = answer["threads"]?.array else { throw server.malformed(call, "holds no threads") }
      let threads = list.prefix(Self.mostThreads).compactMap { DiscordThread($0) }
      for thread in threads { try await readClosed(thread, in: room, began: state.began, &round) }
      guard answer["has_more"]?.bool == true, let last = threads.last?.archived,
        MessageTime.date(of: last, now: messages.now) > since, let time = last.string, let escaped = Self.escaped(time)
      else { break }
      before = escaped
    }
    state.looked = looked
    round.cursor.rooms[room.id] = state
  }

  private func readClosed(
    _ thread: DiscordThread, in room: DiscordRoom, began: Snowflake, _ round: inout Round
  ) async throws {
    guard thread.room == room.id else { return }
    noteOwn(thread)
    var after = place(in: thread, began, round.cursor)
    for _ in 0..<Self.mostPages where thread.newest > after {
      let from = after
      var isLast = true
      try await passingOver {
        let page = try await readPage(of: Place(id: thread.id, room: room.id), after: from, &round.poll)
        round.cursor.threads[thread.id] = DiscordCursor.Thread(parent: room.id, after: page.newest)
        after = page.newest
        isLast = page.count < Self.pageSize || page.newest == from
      }
      if isLast { return }
    }
  }

  /// A time of the server's, for a query.
  private static func escaped(_ time: String) -> String? {
    let isTime = time.utf8.count <= 64 && time.utf8.allSatisfy { "0123456789-:.+TZtz".utf8.contains($0) }
    return isTime ? time.replacing("+", with: "%2B").replacing(":", with: "%3A") : nil
  }

  private func place(in thread: DiscordThread, _ began: Snowflake, _ cursor: DiscordCursor) -> Snowflake {
    // A thread's own number is that of its first message.
    cursor.threads[thread.id]?.after ?? max(began, Snowflake(number: thread.id.number - 1))
  }

  private func noteOwn(_ thread: DiscordThread) {
    if thread.isJoined || thread.owner == messages.bot { memory.rememberOwnThread(thread.id) }
  }

  /// Somebody may take a thread away, or the bot out of it, at any time, and a thread has limits of its own; its room is well
  /// all the same.
  private func passingOver(_ read: () async throws -> Void) async throws {
    do {
      try await read()
    } catch let refusal as DiscordRefusal where refusal.concernsOneRoom && [403, 404, 429].contains(refusal.status) {
      return
    }
  }

  // MARK: Messages

  private func isDue(_ place: Snowflake) -> Bool {
    settings.reviewSeconds > 0
      && memory.isDue(place, every: TimeInterval(settings.reviewSeconds), at: messages.now)
  }

  private func review(
    _ place: Place, upTo newest: Snowflake, edited: String, _ found: inout Poll
  ) async throws -> String {
    try await DiscordReview(server: server, memory: memory, reader: messages)
      .read(place, upTo: newest, edited: edited, &found)
  }

  /// One page of what came after a place. Discord gives the messages nearest to it, newest first.
  /// - Returns: where to go on, and how many there were.
  private func readPage(
    of place: Place, after: Snowflake, _ poll: inout Poll
  ) async throws -> (newest: Snowflake, count: Int) {
    let call = DiscordCall(
      path: "channels/\(place.id)/messages?after=\(after)&limit=\(Self.pageSize)", purpose: .poll)
    var setAside: [UnreadableMessage] = []
    let page = try await server.list(call, setAside: &setAside)
    let known = page.filter { Snowflake($0["id"]) != nil }
    guard page.isEmpty && setAside.isEmpty || !known.isEmpty else {
      throw server.malformed(call, "holds no message with an id")
    }
    var newest = after
    let ordered = known.sorted { (Snowflake($0["id"]) ?? .zero) < (Snowflake($1["id"]) ?? .zero) }
    for value in ordered {
      guard let id = Snowflake(value["id"]), id > newest else { continue }
      newest = id
      messages.read(value, in: place, into: &poll)
    }
    // One that has no id stands between the others, and is past with them.
    for value in page where Snowflake(value["id"]) == nil { messages.read(value, in: place, into: &poll) }
    poll.unreadable += setAside
    return (newest, page.count + setAside.count)
  }
}
