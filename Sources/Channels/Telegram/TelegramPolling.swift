import Foundation
import JSON
import Support

/// One poll with `getUpdates`. Asking for a place confirms all before it, so the cursor is the number of the next update:
/// what came is confirmed only when it has been taken in.
struct TelegramPolling: Sendable {
  let server: TelegramServer
  let settings: TelegramSettings
  let state: TelegramState
  let texts: TelegramTexts
  let now: @Sendable () -> Date

  private static let mostAtOnce = 100

  func poll(after cursor: String?) async throws -> Poll {
    let identity = try await identity()
    let presses = state.takePresses(before: cursor.flatMap { Int($0) } ?? 0)
    async let answered: Void = answer(presses)
    let result: Result<Poll, any Error>
    do {
      result = .success(try await updates(after: cursor, identity))
    } catch {
      result = .failure(error)
    }
    await answered
    return try result.get()
  }

  private func updates(after cursor: String?, _ identity: TelegramIdentity) async throws -> Poll {
    var poll = Poll(cursor: cursor)
    var call = TelegramCall(
      method: "getUpdates",
      body: [
        "limit": .integer(Self.mostAtOnce), "timeout": .integer(settings.waitSeconds),
        "allowed_updates": .array(TelegramUpdateReader.kinds.map { .string($0) }),
      ],
      purpose: .poll, timeout: .seconds(settings.waitSeconds + 20))
    if let cursor {
      if let offset = Int(cursor), (0...TelegramUpdateReader.largestID).contains(offset) {
        call.body["offset"] = .integer(offset)
      } else {
        // What the server has not been told to forget comes again.
        poll.cursor = nil
        poll.unreadable.append(
          MessageReader.foreign(cursor: cursor, to: "Telegram", "the oldest that is there was asked for"))
      }
    }
    let bytes = try await server.bytes(call)
    let updates = try list(in: bytes, call, &poll)
    let reader = TelegramUpdateReader(
      channel: server.channel, settings: settings, identity: identity, texts: texts, now: now())
    var presses: [TelegramPress] = []
    for update in updates {
      if let id = TelegramUpdateReader.updateID(update) { move(&poll, past: id) }
      if let press = reader.read(update, into: &poll) { presses.append(press) }
    }
    state.add(presses)
    return poll
  }

  private func list(in bytes: [UInt8], _ call: TelegramCall, _ poll: inout Poll) throws -> [JSONValue] {
    let answer: JSONValue
    do throws(JSONError) {
      answer = try JSONValue.parse(bytes)
    } catch {
      return try pieces(of: bytes, call, because: error, &poll)
    }
    guard let updates = try server.result(of: answer, call).array, updates.count <= 10 * Self.mostAtOnce else {
      throw server.malformed(call, "holds no list of updates")
    }
    // Nothing could be confirmed then, and the same would come for ever.
    guard updates.isEmpty || updates.contains(where: { TelegramUpdateReader.updateID($0) != nil }) else {
      throw server.malformed(call, "holds no update with a number")
    }
    return updates
  }

  private func move(_ poll: inout Poll, past id: Int) {
    let next = id + 1
    if let cursor = poll.cursor.flatMap({ Int($0) }), cursor >= next, cursor - next < 1_000_000 { return }
    poll.cursor = String(next)
  }

  /// One update that is no JSON taken here must not keep all others from being read.
  private func pieces(
    of bytes: [UInt8], _ call: TelegramCall, because error: JSONError, _ poll: inout Poll
  ) throws -> [JSONValue] {
    guard error.code != .outOfMemory, let pointer = try? JSONPointer("/result"),
      let pieces = ArrayPieces(at: pointer, in: bytes), pieces.elements.count <= 10 * Self.mostAtOnce,
      let rest = try? JSONValue.parse(
        bytes[..<pieces.whole.lowerBound] + Array("[]".utf8) + bytes[pieces.whole.upperBound...])
    else { throw server.malformed(call, "is not good JSON: \(error)") }
    _ = try server.result(of: rest, call)
    var updates: [JSONValue] = []
    var hasMoved = false
    for element in pieces.elements {
      let piece = bytes[element]
      if let update = try? JSONValue.parse(piece) {
        updates.append(update)
        continue
      }
      let id = Self.number(in: piece)
      poll.unreadable.append(
        MessageReader.unreadable(
          id: id.map { "update \($0)" }, reason: "the update is not good JSON", raw: piece))
      if let id {
        move(&poll, past: id)
        hasMoved = true
      }
    }
    let isNumbered = hasMoved || updates.contains { TelegramUpdateReader.updateID($0) != nil }
    guard isNumbered else { throw server.malformed(call, "is not good JSON: \(error)") }
    return updates
  }

  /// The number of an update that cannot be read: its first member.
  private static func number(in piece: ArraySlice<UInt8>) -> Int? {
    let name = Array("\"update_id\"".utf8)
    let rest = piece.dropFirst().drop { $0 <= 0x20 }
    guard rest.starts(with: name) else { return nil }
    let digits = rest.dropFirst(name.count).drop { $0 <= 0x20 || $0 == UInt8(ascii: ":") }
      .prefix { (0x30...0x39).contains($0) }
    return Int(String(decoding: digits, as: UTF8.self)).flatMap {
      (0..<TelegramUpdateReader.largestID).contains($0) ? $0 : nil
    }
  }

  private func identity() async throws -> TelegramIdentity {
    if let identity = state.identity { return identity }
    let call = TelegramCall(method: "getMe", purpose: .setUp)
    let me = try await server.result(call)
    guard let id = me["id"]?.int, (1..<TelegramUpdateReader.largestID).contains(id),
      let username = me["username"]?.string, !username.isEmpty, username.utf8.count <= 100
    else { throw server.malformed(call, "names no bot") }
    let identity = TelegramIdentity(id: id, username: username)
    state.identity = identity
    return identity
  }

  /// A courtesy: the sign that the button waits goes away.
  private func answer(_ presses: [TelegramPress]) async {
    for press in presses {
      var body: JSONObject = ["callback_query_id": .string(press.id)]
      if !press.shows.isEmpty { body["text"] = .string(press.shows) }
      do {
        _ = try await server.bytes(
          TelegramCall(method: "answerCallbackQuery", body: body, purpose: .courtesy, timeout: .seconds(5)))
      } catch is TelegramRefusal {
        // Too late for this one; the next may be in time.
      } catch {
        return
      }
    }
  }
}
