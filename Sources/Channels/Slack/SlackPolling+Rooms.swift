import JSON
import Support

extension SlackPolling {
  func hasAllRooms(_ cursor: SlackCursor) -> Bool {
    settings.rooms.keys.allSatisfy { id in cursor.rooms.contains { $0.id == id } }
  }

  func findRooms(_ cursor: inout SlackCursor, isFirst: Bool, _ poll: inout Poll) async throws {
    var found: [(id: String, isDirect: Bool)] = []
    if settings.findsRooms { found = try await listedRooms() }
    for id in settings.rooms.keys.sorted() where !found.contains(where: { $0.id == id }) {
      found.append((id, id.hasPrefix("D")))
    }
    // Where nothing is ever answered, nothing is read, but for the canary.
    found.removeAll { room in
      room.id != settings.canary?.room
        && (settings.rooms[room.id]?.answering ?? (room.isDirect ? .always : settings.groups)) == .never
    }
    // A room that Slack will not show and does not list is forgotten; when the bot is invited again, it is new.
    cursor.rooms.removeAll { room in !room.problem.isEmpty && !found.contains { $0.id == room.id } }
    let seen = cursor.newest
    var lastRefusal: SlackRefusal?
    for room in found where !cursor.rooms.contains(where: { $0.id == room.id }) {
      do {
        let from =
          isFirst || (cursor.listed == .zero && !room.isDirect) ? try await newestTime(room.id) : cursor.listed
        cursor.rooms.append(.init(id: room.id, isDirect: room.isDirect, from: from))
      } catch let refusal as SlackRefusal where refusal.isAboutRoom {
        // It is asked for again; once the bot is let in, it is new.
        var unread = SlackCursor.Room(id: room.id, isDirect: room.isDirect, from: .zero)
        note(refusal, &unread, &poll)
        lastRefusal = refusal
      }
    }
    if cursor.rooms.isEmpty, let lastRefusal { throw lastRefusal }
    cursor.listed = max(cursor.listed, seen, isFirst ? cursor.newest : .zero)
    cursor.turn = cursor.rooms.isEmpty ? 0 : cursor.turn % cursor.rooms.count
  }

  func newestTime(_ room: String) async throws -> SlackTime {
    // What was answered lately under an older message counts as well.
    let page = try await history(room, [("limit", String(Self.pageSize))])
    let times = page.values.flatMap { [$0["ts"]?.string, $0["latest_reply"]?.string] }
    return times.compactMap { SlackTime($0) }.max() ?? .zero
  }

  /// What the bot is in, at most 50,000 rooms.
  func listedRooms() async throws -> [(id: String, isDirect: Bool)] {
    let types = try await session.identity().roomTypes
    var rooms: [(id: String, isDirect: Bool)] = []
    var known: Set<String> = []
    var next = ""
    for _ in 0..<250 {
      var call = SlackCall(
        method: "users.conversations",
        query: [("types", types.joined(separator: ",")), ("exclude_archived", "true"), ("limit", "200")],
        purpose: "the question for its channels")
      if !next.isEmpty { call.query.append(("cursor", next)) }
      let answer = try await server.value(call)
      guard let list = answer["channels"]?.array else { throw server.malformed(call, "has no channels") }
      for room in list {
        guard let id = room["id"]?.string, !id.isEmpty, id.utf8.count <= 64 else { continue }
        let isDirect = room["is_im"]?.bool ?? id.hasPrefix("D")
        guard room["is_user_deleted"]?.bool != true, room["is_archived"]?.bool != true, known.insert(id).inserted else {
          continue
        }
        rooms.append((id, isDirect))
      }
      let following = answer["response_metadata"]?["next_cursor"]?.string ?? ""
      guard !following.isEmpty, following != next else { break }
      next = following
    }
    return rooms
  }
}
