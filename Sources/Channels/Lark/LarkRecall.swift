import Foundation
import JSON
import Support

/// What stands in the rooms that the bot may have written before it was started, or so long ago that Lark knows its uuid
/// no more. A room is read once by each process, and not once for each reply: after a crash in a flood there are many.
actor LarkRecall {
  /// One message of the bot's.
  struct Own: Sendable {
    var id: String
    var parent: String?
    var words: String
  }

  private struct Room: Sendable {
    /// In seconds since 1970: all behind it has been read.
    var since: Int
    var own: [Own] = []
    /// Everybody's.
    var ids: Set<String> = []
  }

  private let server: LarkServer
  private let app: String
  private let call: @Sendable (LarkCall) async throws -> JSONValue
  private var rooms = RecentValues<String, Room>(capacity: 500)
  private var busy: Set<String> = []
  private var waiters: [CheckedContinuation<Void, Never>] = []

  private static let pageSize = 50
  private static let mostPages = 200
  /// In seconds: how far back what a person wrote unasked is looked for.
  private static let unaskedLife = 86_400

  init(server: LarkServer, app: String, call: @escaping @Sendable (LarkCall) async throws -> JSONValue) {
    self.server = server
    self.app = app
    self.call = call
  }

  /// The bot's messages in a room that answer one message, or none; oldest first.
  /// - Parameter isAnew: whether what was read before is not enough.
  /// - Throws: `LarkRefusal`, `ChannelError`.
  func replies(to answered: String?, in room: String, isAnew: Bool) async throws -> [Own] {
    while busy.contains(room) { await withCheckedContinuation { waiters.append($0) } }
    busy.insert(room)
    defer {
      busy.remove(room)
      let waiting = waiters
      waiters = []
      for waiter in waiting { waiter.resume() }
    }
    var known = rooms.value(for: room)
    var wasTakenBack = false
    if let answered {
      if isAnew || known?.ids.contains(answered) != true {
        guard let found = try await time(of: answered) else { return [] }
        wasTakenBack = found.isRecalled
        let since = min(found.seconds, known?.since ?? found.seconds)
        if isAnew || since < known?.since ?? .max { known = try await read(room, since: since) }
      }
    } else {
      let since = max(0, Int(server.now().timeIntervalSince1970) - Self.unaskedLife)
      if isAnew || since < known?.since ?? .max { known = try await read(room, since: since) }
    }
    if let known { rooms.set(known, for: room) }
    let own = known?.own ?? []
    // What answers a message that was taken back may have been written without naming it.
    return own.filter { $0.parent == answered || (wasTakenBack && $0.parent == nil) }
  }

  /// The same of a thread, which cannot be asked for by time.
  nonisolated func replies(to answered: String?, inThread thread: String) async throws -> [Own] {
    let items = try await items([("container_id_type", "thread"), ("container_id", thread)], "the thread")
    return own(items).filter { answered == nil || $0.parent == answered }
  }

  private func read(_ room: String, since: Int) async throws -> Room {
    let items = try await items(
      [("container_id_type", "chat"), ("container_id", room), ("start_time", String(max(0, since)))], room)
    return Room(since: since, own: own(items), ids: Set(items.compactMap { $0["message_id"]?.string }))
  }

  private nonisolated func own(_ items: [JSONValue]) -> [Own] {
    items.compactMap { item in
      guard item["sender"]?["sender_type"]?.string == "app", item["sender"]?["id"]?.string == app,
        item["deleted"]?.bool != true, let id = item["message_id"]?.string
      else { return nil }
      return Own(
        id: id, parent: item["parent_id"]?.string.flatMap { $0.isEmpty ? nil : $0 }, words: LarkContent.words(of: item))
    }
  }

  private nonisolated func items(_ place: [(name: String, value: String)], _ name: String) async throws -> [JSONValue] {
    var items: [JSONValue] = []
    var page = ""
    for _ in 0..<Self.mostPages {
      var call = LarkCall(
        path: ["im", "v1", "messages"],
        query: place + [("sort_type", "ByCreateTimeAsc"), ("page_size", String(Self.pageSize))],
        purpose: "the search for a reply that may have arrived")
      if !page.isEmpty { call.query.append(("page_token", page)) }
      let data = try await self.call(call)["data"]
      items += data?["items"]?.array ?? []
      let next = data?["page_token"]?.string ?? ""
      guard data?["has_more"]?.bool == true, !next.isEmpty, next != page else { return items }
      page = next
    }
    throw ChannelError(
      .refused,
      "channel '\(server.channel)': there are more than \(Self.pageSize * Self.mostPages) messages in \(name) since what is "
        + "answered, and the reply may be among them; look there, and answer by hand", isRetriable: false)
  }

  private nonisolated func time(of message: String) async throws -> (seconds: Int, isRecalled: Bool)? {
    do {
      let call = LarkCall(path: ["im", "v1", "messages", message], purpose: "the question for what is answered")
      let item = try await self.call(call)["data"]?["items"]?[0]
      guard let time = LarkEvent.milliseconds(item?["create_time"]) else { return nil }
      return (time / 1000, item?["deleted"]?.bool ?? false)
    } catch let refusal as LarkRefusal where refusal.isTargetGone {
      return nil
    }
  }
}
