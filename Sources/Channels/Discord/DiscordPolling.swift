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

  /// A room that the bot may not read is tried again after so long, in seconds.
  private static let closedFor: TimeInterval = 60
  /// For how long a room may not be readable before staff are told, in seconds.
  private static let patience: TimeInterval = 60

  /// A room or a thread, and where it stands in the settings.
  struct Place: Sendable {
    var id: Snowflake
    var room: Snowflake
    var isDirect = false
    var isThread: Bool { id != room }
  }

  /// What a round has gathered so far.
  struct Round: Sendable {
    var cursor: DiscordCursor
    var poll = Poll()
    /// What a second look brings; the cursor counts these.
    var found = Poll()
    /// By server, each asked for once a round.
    var activeThreads: [Snowflake: [DiscordThread]] = [:]
    /// Places that were looked at again.
    var reviewable: Set<Snowflake> = []
  }

  func poll(after text: String?) async throws -> Poll {
    if memory.wasQuiet { try await sleep(.seconds(settings.pauseSeconds)) }
    var round = Round(cursor: DiscordCursor())
    if let text {
      if let known = DiscordCursor(text) {
        round.cursor = known
      } else {
        round.poll.unreadable.append(MessageReader.foreign(cursor: text, to: "Discord"))
      }
    }
    let bot = try await memory.identity(server)
    let before = round.cursor
    if let (lost, looks) = memory.found, looks != before.looks { round.found = lost }
    let failure: (any Error)?
    do {
      failure = try await readRooms(&round, bot)
    } catch {
      memory.found = (round.found, -1)
      throw error
    }
    var (poll, cursor, found) = (round.poll, round.cursor, round.found)
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
    memory.keepReviews(of: round.reviewable)
    memory.wasQuiet = poll.isEmpty
    poll.cursor = cursor == before && text != nil ? text : cursor.text
    return poll
  }

  /// - Returns: a failure that concerns all rooms.
  private func readRooms(_ round: inout Round, _ bot: Snowflake) async throws -> (any Error)? {
    let rooms = settings.rooms.keys.compactMap { Snowflake($0) }.sorted()
    let wanted = rooms.filter {
      "\($0)" == settings.canary?.room || settings.rooms["\($0)"]?.answering ?? settings.answering != .never
    }
    let reader = DiscordRoomReader(
      server: server, settings: settings, memory: memory,
      messages: DiscordMessageReader(
        channel: server.channel, settings: settings, bot: bot, memory: memory, now: now()))
    var failures: [DiscordRefusal] = []
    var failed: [Snowflake] = []
    for room in wanted {
      if let trouble = memory.trouble(in: room), now() < trouble.until {
        failures.append(trouble.refusal)
        continue
      }
      do {
        try await reader.read(room, &round)
        memory.set(nil, in: room)
      } catch let refusal as DiscordRefusal where refusal.isOwnCaution && !refusal.isGlobal {
        // Nothing is wrong: the server has said how often it may be asked.
      } catch let refusal as DiscordRefusal where refusal.concernsOneRoom {
        failures.append(refusal)
        failed.append(room)
        note(refusal, in: room)
      } catch let error as CancellationError {
        throw error
      } catch {
        // No answer, or the token: the other rooms would get no better one.
        return error
      }
    }
    let areOthersWell = failures.count < wanted.count
    for room in failed { tell(of: room, areOthersWell: areOthersWell, &round.poll) }
    // As long as others can be read, they are read without a break: the back-off of the whole is not theirs.
    guard !areOthersWell, var failure = failures.first else { return nil }
    failure.retryAfter = failures.compactMap(\.retryAfter).min()
    return failure
  }

  /// Leaves a room alone for a while.
  private func note(_ refusal: DiscordRefusal, in room: Snowflake) {
    let now = now()
    var trouble = memory.trouble(in: room) ?? .init(refusal: refusal, since: now, until: now, failures: 0)
    trouble.refusal = refusal
    trouble.failures += 1
    let back = refusal.isForbidden ? Self.closedFor : pow(2, Double(min(trouble.failures, 10))) / 2
    let wait = refusal.retryAfter.map { $0 / .seconds(1) } ?? min(Self.closedFor, back)
    trouble.until = now.addingTimeInterval(min(wait, 3_600))
    memory.set(trouble, in: room)
  }

  /// Tells staff once of a room that the bot is shut out of, or that has not been readable for long while others are: where
  /// none is, the channel as a whole is not well, and says so.
  private func tell(of room: Snowflake, areOthersWell: Bool, _ poll: inout Poll) {
    guard var trouble = memory.trouble(in: room), !trouble.isTold else { return }
    let isLong = trouble.until.timeIntervalSince(trouble.since) >= Self.patience
    guard trouble.refusal.isForbidden || (areOthersWell && isLong) else { return }
    trouble.isTold = true
    memory.set(trouble, in: room)
    let advice =
      trouble.refusal.isForbidden
      ? "check its id, and the bot's View Channel and Read Message History there"
      : "it is tried again, and what is said there meanwhile is answered later"
    poll.unreadable.append(
      MessageReader.unreadable(
        id: "room \(room)", reason: "a room cannot be read: Discord answered \(trouble.refusal.status); \(advice)",
        raw: Array("\(room)".utf8)))
  }
}
