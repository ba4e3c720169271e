import JSON
import Support
import Synchronization

/// What is known of rooms and of what was said in them: asked of the server when needed, and remembered for a while.
final class MatrixRooms: Sendable {
  struct Members: Sendable {
    /// Who has joined; nil for more than anyone would call a chat of two.
    var names: [String: String?]
    var count: Int
  }

  /// What is known of an event that others point at.
  struct Mentioned: Sendable {
    var sender: String
    var thread: String?
    var isForBot: Bool
  }

  private struct Memory {
    var members = RecentValues<String, Members>(capacity: 500)
    var events = RecentValues<String, Mentioned>(capacity: 5_000)
    /// By event, the thread that the bot wrote it in.
    var own = RecentValues<String, String?>(capacity: 5_000)
    var threads = RecentValues<String, Bool>(capacity: 2_000)
  }

  private let client: MatrixClient
  private let memory = Mutex(Memory())

  /// Of larger rooms no names are kept.
  private static let mostNames = 200

  init(client: MatrixClient) { self.client = client }

  /// - Returns: nil where the server does not say.
  func members(of room: String) async throws -> Members? {
    if let known = memory.withLock({ $0.members.value(for: room) }) { return known }
    let call = MatrixCall(
      path: ["v3", "rooms", room, "joined_members"], purpose: "the question who is in a room", mayRepeat: true)
    do {
      let joined = try await client.value(call)["joined"]?.object ?? [:]
      var members = Members(names: [:], count: joined.count)
      if joined.count <= Self.mostNames {
        for member in joined { members.names[member.key] = member.value["display_name"]?.string }
      }
      memory.withLock { [members] in $0.members.set(members, for: room) }
      return members
    } catch let refusal as MatrixRefusal where [403, 404].contains(refusal.status) {
      return nil
    } catch let error as ChannelError where error.code == .malformed {
      // Too many to be told of at once.
      return Members(names: [:], count: .max)
    }
  }

  func forgetMembers(of room: String) { memory.withLock { $0.members.remove(room) } }

  func remember(_ event: String, _ mentioned: Mentioned) {
    memory.withLock { $0.events.set(mentioned, for: event) }
  }

  /// The bot has written it.
  func rememberOwn(_ event: String, thread: String?) {
    memory.withLock { $0.own.set(thread, for: event) }
  }

  /// Whether the bot has written the event, as far as that is known without asking.
  func isOwn(_ event: String) -> Bool { memory.withLock { $0.own.value(for: event) != nil } }

  /// The bot has written in it.
  func rememberThread(_ root: String) { memory.withLock { $0.threads.set(true, for: root) } }

  /// - Parameter isForBot: whether the event, by itself, speaks to the bot.
  /// - Returns: nil where there is no such event, or none that the bot may see.
  func event(
    _ id: String, in room: String, isForBot: (MatrixEvent) -> Bool
  ) async throws -> Mentioned? {
    if let known = memory.withLock({ $0.events.value(for: id) }) { return known }
    guard let event = try await fetch(id, in: room) else { return nil }
    let found = Mentioned(sender: event.sender, thread: event.thread, isForBot: isForBot(event))
    remember(id, found)
    if event.botIsInThread { rememberThread(id) }
    return found
  }

  /// Whether the bot has written in the thread, or begun it.
  func botIsInThread(_ root: String, in room: String, as user: String) async throws -> Bool {
    if let known = memory.withLock({ $0.threads.value(for: root) }) { return known }
    let event = try await fetch(root, in: room)
    let isIn = event.map { $0.botIsInThread || $0.sender == user } ?? false
    memory.withLock { $0.threads.set(isIn, for: root) }
    return isIn
  }

  private func fetch(_ id: String, in room: String) async throws -> MatrixEvent? {
    let call = MatrixCall(
      path: ["v3", "rooms", room, "event", id], purpose: "the question for a message", mayRepeat: true)
    do {
      let value = try await client.value(call)
      return try? MatrixEvent(value)
    } catch let refusal as MatrixRefusal where [400, 403, 404].contains(refusal.status) && refusal.code != nil {
      return nil
    } catch let error as ChannelError where error.code == .malformed {
      return nil
    }
  }
}
