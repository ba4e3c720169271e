import Foundation
import JSON
import Support

/// One round through the rooms: a page of what is new in each, and now and then the newest messages once more.
struct DiscordPolling: Sendable {
  let server: DiscordServer
  let settings: DiscordSettings
  let memory: DiscordMemory
  let now: @Sendable () -> Date
  let sleep: @Sendable (Duration) async throws -> Void

  private static let pageSize = 100
  /// Threads of a room whose newest messages are looked at again.
  private static let mostReviews = 10
  /// A room that cannot be read is tried again after so long, in seconds.
  private static let closedFor: TimeInterval = 60

  /// A room or a thread, and where it stands in the settings.
  struct Place: Sendable {
    var id: Snowflake
    var room: Snowflake
    var isThread: Bool { id != room }
  }

  func poll(after text: String?) async throws -> Poll {
    if memory.wasQuiet { try await sleep(.seconds(settings.pauseSeconds)) }
    var poll = Poll()
    var cursor = DiscordCursor()
    if let text {
      if let known = DiscordCursor(text) {
        cursor = known
      } else {
        poll.unreadable.append(
          MessageReader.unreadable(
            id: nil, reason: "the place where to go on is not one of Discord; what was said since is not answered",
            raw: Array(text.utf8)))
      }
    }
    let bot = try await memory.identity(server)
    let before = cursor
    var found = Poll()
    if let (lost, looks) = memory.found, looks != cursor.looks { found = lost }
    let failure: (any Error)?
    do {
      failure = try await readRooms(&cursor, bot, &poll, &found)
    } catch {
      memory.found = (found, -1)
      throw error
    }
    if !found.isEmpty {
      cursor.looks += 1
      poll.messages += found.messages
      poll.reactions += found.reactions
      poll.redactions += found.redactions
    }
    memory.found = (found, cursor.looks)
    // What the others brought is not lost to one that fails: it fails again in the next round.
    if let failure, poll.isEmpty, cursor == before { throw failure }
    cursor.forgetOldThreads()
    memory.wasQuiet = poll.isEmpty
    poll.cursor = cursor == before && text != nil ? text : cursor.text
    return poll
  }

  /// - Returns: the first failure of a room that does not concern the others.
  private func readRooms(
    _ cursor: inout DiscordCursor, _ bot: Snowflake, _ poll: inout Poll, _ found: inout Poll
  ) async throws -> (any Error)? {
    var failure: (any Error)?
    var closed = 0
    let rooms = settings.rooms.keys.compactMap { Snowflake($0) }.sorted()
    let wanted = rooms.filter { settings.rooms["\($0)"]?.answering ?? settings.answering != .never }
    for room in wanted {
      if memory.isClosed(room, at: now()) {
        closed += 1
        continue
      }
      do {
        try await readRoom(room, &cursor, bot, &poll, &found)
        memory.open(room)
      } catch let refusal as DiscordRefusal where [400, 403, 404].contains(refusal.status) && refusal.code != nil {
        closed += 1
        if memory.close(room, until: now().addingTimeInterval(Self.closedFor)) {
          poll.unreadable.append(
            MessageReader.unreadable(
              id: "room \(room)",
              reason:
                "a room cannot be read: Discord answered \(refusal.status); check its id, and the bot's View Channel "
                + "and Read Message History there",
              raw: Array("\(room)".utf8)))
        }
        failure = failure ?? refusal
      } catch let refusal as DiscordRefusal where refusal.status != 401 && !refusal.isGlobal && refusal.code != nil {
        failure = failure ?? refusal
      } catch let error as CancellationError {
        throw error
      } catch {
        // No answer, or the token: the other rooms would get no better one.
        return error
      }
    }
    if closed == wanted.count, closed > 0, failure == nil {
      // All of them, since before this round.
      failure = DiscordRefusal(status: 403, code: DiscordRefusal.missingAccess, retryAfter: .seconds(10))
    }
    return failure
  }

  private func readRoom(
    _ room: Snowflake, _ cursor: inout DiscordCursor, _ bot: Snowflake, _ poll: inout Poll, _ found: inout Poll
  ) async throws {
    if cursor.rooms[room] == nil || (settings.readsThreads && memory.guild(of: room) == nil) {
      let channel = try await server.value(DiscordCall(path: "channels/\(room)", purpose: .poll))
      memory.setGuild(Snowflake(channel["guild_id"]), of: room)
      if cursor.rooms[room] == nil { try await begin(room, channel, &cursor) }
    }
    let reader = DiscordMessageReader(
      channel: server.channel, settings: settings, bot: bot, memory: memory, now: now())
    let place = Place(id: room, room: room)
    if var state = cursor.rooms[room] {
      state.after = try await readNew(place, after: state.after, reader, &poll)
      cursor.rooms[room] = state
      if isDue(room) {
        let review = DiscordReview(server: server, memory: memory, reader: reader)
        state.edited = try await review.read(place, upTo: state.after, edited: state.edited, &found)
        cursor.rooms[room] = state
      }
    }
    try await readThreads(of: room, &cursor, reader, &poll, &found)
  }

  /// The first look at a room takes nothing that was said before.
  private func begin(_ room: Snowflake, _ channel: JSONValue, _ cursor: inout DiscordCursor) async throws {
    var newest = Snowflake(channel["last_message_id"]) ?? .zero
    for thread in try await threads(of: room) {
      newest = max(newest, Snowflake(thread["last_message_id"]) ?? .zero, Snowflake(thread["id"]) ?? .zero)
    }
    cursor.rooms[room] = DiscordCursor.Room(began: newest, after: newest)
  }

  private func threads(of room: Snowflake) async throws -> [JSONValue] {
    guard settings.readsThreads, let guild = memory.guild(of: room), guild != .zero else { return [] }
    let call = DiscordCall(path: "guilds/\(guild)/threads/active", purpose: .poll)
    guard let threads = try await server.value(call)["threads"]?.array else {
      throw server.malformed(call, "holds no threads")
    }
    return threads.prefix(5_000).filter { Snowflake($0["parent_id"]) == room }
  }

  private func readThreads(
    of room: Snowflake, _ cursor: inout DiscordCursor, _ reader: DiscordMessageReader, _ poll: inout Poll,
    _ found: inout Poll
  ) async throws {
    guard let began = cursor.rooms[room]?.began else { return }
    let threads = try await threads(of: room).compactMap { thread -> (id: Snowflake, newest: Snowflake)? in
      guard let id = Snowflake(thread["id"]) else { return nil }
      if thread["member"]?.object != nil || Snowflake(thread["owner_id"]) == reader.bot { memory.rememberOwnThread(id) }
      return (id, Snowflake(thread["last_message_id"]) ?? id)
    }
    for thread in threads.sorted(by: { $0.id < $1.id }) {
      let after = cursor.threads[thread.id]?.after ?? max(began, Snowflake(number: thread.id.number - 1))
      let place = Place(id: thread.id, room: room)
      if thread.newest > after {
        let read = try await readNew(place, after: after, reader, &poll)
        cursor.threads[thread.id] = DiscordCursor.Thread(parent: room, after: read)
      }
    }
    // Where people write now, edits and thumbs are worth a look.
    let review = DiscordReview(server: server, memory: memory, reader: reader)
    for thread in threads.sorted(by: { $0.newest > $1.newest }).prefix(Self.mostReviews) {
      guard let after = cursor.threads[thread.id]?.after, isDue(thread.id) else { continue }
      _ = try await review.read(Place(id: thread.id, room: room), upTo: after, edited: "", &found)
    }
  }

  private func isDue(_ place: Snowflake) -> Bool {
    settings.reviewSeconds > 0 && memory.isDue(place, every: TimeInterval(settings.reviewSeconds), at: now())
  }

  /// One page of what came after a place. Discord gives the messages nearest to it, newest first.
  /// - Returns: where to go on.
  private func readNew(
    _ place: Place, after: Snowflake, _ reader: DiscordMessageReader, _ poll: inout Poll
  ) async throws -> Snowflake {
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
      reader.read(value, in: place, into: &poll)
    }
    // One that has no id stands between the others, and is past with them.
    for value in page where Snowflake(value["id"]) == nil { reader.read(value, in: place, into: &poll) }
    poll.unreadable += setAside
    return newest
  }
}
