import Foundation
import HTTP
import JSON
import Support

/// One poll of a homeserver: what is new, one more page of what is missing, invitations.
///
/// What a sync leaves out of a room is read forward from the place that the sync began at: oldest first, page by page, poll
/// by poll, with the page's end in the cursor, so that an outage of any length takes no more memory than a page. Until
/// that has caught up, what syncs tell of the room is passed over: it stands on the pages too, each of which is fetched
/// after the sync. What is brought twice at the seam is known to the ledger by its id.
struct MatrixPolling: Sendable {
  let client: MatrixClient
  let settings: MatrixSettings
  let rooms: MatrixRooms
  let timeline: TimelineLimit
  let now: @Sendable () -> Date

  private var channel: String { client.server.channel }

  /// Rooms that are read back at a time, and invitations that are accepted at a time.
  private static let atATime = 8
  private static let pageSize = 100
  /// In milliseconds: invitations that cannot be accepted are tried again for a day.
  private static let longestPatience = 86_400_000
  private static let longestPause = 60_000

  /// The first poll takes nothing that was said before.
  func begin() async throws -> Poll {
    var poll = Poll()
    let identity = try await client.session.identity()
    let answer = try await sync(since: nil, milliseconds: 0, limit: 1, identity, &poll)
    var cursor = MatrixCursor(since: answer.next)
    take(answer.invitations, from: nil, as: identity, &cursor, &poll)
    poll.cursor = cursor.text
    return poll
  }

  func poll(after cursor: MatrixCursor) async throws -> Poll {
    var poll = Poll()
    let identity = try await client.session.identity()
    let limit = timeline.value
    let answer = try await sync(since: cursor.since, milliseconds: wait(cursor), limit: limit, identity, &poll)
    timeline.fitted(limit)
    let reader = MatrixEventReader(
      channel: channel, settings: settings, identity: identity, rooms: rooms, now: now())
    var next = cursor
    next.since = answer.next
    for room in answer.joined {
      if room.isLimited { next.open(room.id, from: cursor.since) }
      guard !next.gaps.contains(where: { $0.room == room.id }) else { continue }
      try await reader.read(room.events, in: room.id, into: &poll)
    }
    for room in answer.left {
      rooms.forgetMembers(of: room.id)
      next.invitations.removeAll { $0.room == room.id }
      guard !next.gaps.contains(where: { $0.room == room.id }) else { continue }
      try await reader.read(room.events, in: room.id, into: &poll)
    }
    take(answer.invitations, from: cursor.since, as: identity, &next, &poll)
    try await accept(&next, &poll)
    try await readGaps(&next, reader, &poll)
    poll.cursor = next.text
    return poll
  }

  /// How long the server may hold the sync. No two syncs ask for the same: Synapse answers one that repeats an abandoned
  /// one from its memory, with less than there is.
  private func wait(_ cursor: MatrixCursor) -> Int {
    let varied = timeline.variation(now())
    guard cursor.gaps.isEmpty else { return varied % 100 }
    let longest = max(settings.waitSeconds * 1000 - varied, varied)
    guard let next = cursor.invitations.map(\.nextAttempt).min() else { return longest }
    return min(longest, max(next - milliseconds(), 0) + varied)
  }

  private func milliseconds() -> Int { Int((now().timeIntervalSince1970 * 1000).rounded()) }

  private func sync(
    since: String?, milliseconds: Int, limit: Int, _ identity: MatrixIdentity, _ poll: inout Poll
  ) async throws -> MatrixSync {
    let none: JSONValue = ["types": []]
    let filter: JSONValue = [
      "presence": none, "account_data": none,
      "room": [
        "timeline": MatrixEventReader.filter(
          limit: limit, user: identity.user, hearsItself: settings.canary != nil), "state": none, "ephemeral": none,
        "account_data": none,
      ],
    ]
    var call = MatrixCall(
      path: ["v3", "sync"],
      query: [("filter", filter.serialized()), ("timeout", String(milliseconds)), ("set_presence", "offline")],
      purpose: "a poll", mayRepeat: true, timeout: .milliseconds(milliseconds + 30_000))
    if let since { call.query.append(("since", since)) }
    if limit == 1 { call.maximumBody = 8 * HTTPRequest.usualResponseBody }
    do {
      let value = try await client.events(call, setAside: &poll.unreadable)
      guard let answer = MatrixSync(value, user: identity.user) else {
        throw client.server.malformed(call, "is no sync")
      }
      return answer
    } catch let error as ChannelError where error.code == .malformed && since != nil {
      // Perhaps too long: what is left out is read page by page.
      timeline.halve(limit)
      throw error
    }
  }

  private func take(
    _ invitations: [MatrixSync.Invitation], from place: String?, as identity: MatrixIdentity,
    _ cursor: inout MatrixCursor, _ poll: inout Poll
  ) {
    for invitation in invitations where !cursor.invitations.contains(where: { $0.room == invitation.room }) {
      guard let inviter = invitation.inviter, settings.acceptsInvitations(from: inviter, to: identity.user) else {
        let inviter = invitation.inviter ?? "somebody"
        poll.unreadable.append(
          MessageReader.unreadable(
            id: "invitation:\(invitation.room)",
            reason: "an invitation from \(inviter) was not accepted: neither they nor their server are among the "
              + "channel's invites_from",
            raw: Array(invitation.room.utf8)))
        continue
      }
      cursor.invitations.append(
        .init(
          room: invitation.room, from: place, isDirect: invitation.isDirect, nextAttempt: milliseconds(), attempts: 0))
    }
  }

  private func accept(_ cursor: inout MatrixCursor, _ poll: inout Poll) async throws {
    let due = cursor.invitations.filter { $0.nextAttempt <= milliseconds() }.prefix(Self.atATime)
    for invitation in due {
      guard let place = cursor.invitations.firstIndex(where: { $0.room == invitation.room }) else { continue }
      let call = MatrixCall(
        method: .post, path: ["v3", "rooms", invitation.room, "join"], body: [:],
        purpose: "the acceptance of an invitation",
        mayRepeat: true, timeout: .seconds(20))
      do {
        _ = try await client.bytes(call)
        cursor.invitations.remove(at: place)
        rooms.forgetMembers(of: invitation.room)
        if invitation.from != nil || invitation.isDirect { cursor.open(invitation.room, from: invitation.from) }
      } catch let refusal as MatrixRefusal where [400, 403, 404].contains(refusal.status) && refusal.code != nil {
        cursor.invitations.remove(at: place)
        giveUp(invitation, "the homeserver answered \(refusal.status) \(refusal.code ?? "")", &poll)
      } catch let error where error is MatrixRefusal || (error as? ChannelError)?.isRetriable == true {
        let attempts = invitation.attempts + 1
        let pause = min(Self.longestPause, 1000 << min(attempts, 10))
        if attempts > Self.longestPatience / Self.longestPause {
          cursor.invitations.remove(at: place)
          giveUp(invitation, "the homeserver could not do it for a day", &poll)
        } else {
          cursor.invitations[place].attempts = attempts
          cursor.invitations[place].nextAttempt = milliseconds() + pause
        }
      }
    }
  }

  private func giveUp(_ invitation: MatrixCursor.Invitation, _ why: String, _ poll: inout Poll) {
    poll.unreadable.append(
      MessageReader.unreadable(
        id: "invitation:\(invitation.room)",
        reason: "an invitation could not be accepted: \(why); invite the bot again",
        raw: Array(invitation.room.utf8)))
  }

  private func readGaps(_ cursor: inout MatrixCursor, _ reader: MatrixEventReader, _ poll: inout Poll) async throws {
    // In turns, so that one long gap holds up no other.
    let turn = Array(cursor.gaps.prefix(Self.atATime))
    cursor.gaps.removeFirst(turn.count)
    for gap in turn {
      if let rest = try await readPage(of: gap, reader, &poll) { cursor.gaps.append(rest) }
    }
  }

  /// - Returns: where the next page begins; nil after the last.
  private func readPage(
    of gap: MatrixCursor.Gap, _ reader: MatrixEventReader, _ poll: inout Poll
  ) async throws -> MatrixCursor.Gap? {
    let filter = MatrixEventReader.filter(
      limit: Self.pageSize, user: reader.identity.user, hearsItself: settings.canary != nil)
    var call = MatrixCall(
      path: ["v3", "rooms", gap.room, "messages"],
      query: [("dir", "f"), ("limit", String(Self.pageSize)), ("filter", filter.serialized())],
      purpose: "the question for older messages", mayRepeat: true)
    if let from = gap.from { call.query.append(("from", from)) }
    do {
      let page = try await client.events(call, setAside: &poll.unreadable)
      guard let chunk = page["chunk"]?.array else { throw client.server.malformed(call, "has no messages") }
      try await reader.read(chunk, in: gap.room, into: &poll)
      guard let end = page["end"]?.string, !end.isEmpty, end != gap.from else { return nil }
      return MatrixCursor.Gap(room: gap.room, from: end)
    } catch let refusal as MatrixRefusal where [403, 404].contains(refusal.status) && refusal.code != nil {
      poll.unreadable.append(
        MessageReader.unreadable(
          id: "gap:\(gap.room):\(gap.from ?? "")",
          reason: "the bot was taken out of a room before it had read all messages there; see what was asked",
          raw: Array(gap.room.utf8)))
      return nil
    }
  }
}
