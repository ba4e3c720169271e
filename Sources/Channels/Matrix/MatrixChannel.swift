package import Foundation
package import HTTP
import JSON
import Sodium
package import Support
import Synchronization

/// A Matrix homeserver as a channel (docs/matrix.md).
package struct MatrixChannel: Support.Channel {
  package let name: String
  private let settings: MatrixSettings
  private let client: MatrixClient
  private let rooms: MatrixRooms
  private let timeline = TimelineLimit()
  private let typingRooms = TypingRooms()
  private let now: @Sendable () -> Date

  /// - Parameters:
  ///   - folder: the data folder, where the login is kept. Nothing is written before the first poll or reply.
  ///   - http: may be shared by channels; it is not shut down here.
  ///   - now: for message times, and for waits.
  /// - Throws: `ChannelSetupError` where the address is wrong, or a secret cannot be fetched.
  package init(
    name: String, settings: MatrixSettings, secrets: SecretReader, folder: URL, http: HTTPClient,
    now: @escaping @Sendable () -> Date
  ) throws(ChannelSetupError) {
    let base = try WebhookAddress.base(settings.homeserver, of: "homeserver", channel: name)
    let credentials: MatrixSession.Credentials
    do throws(SecretError) {
      switch settings.authentication {
      case .password(let source): credentials = .password(try secrets.read(source))
      case .accessToken(let source): credentials = .accessToken(try secrets.read(source).bearerToken())
      }
    } catch {
      throw ChannelSetupError(channel: name, "\(error)")
    }
    let server = MatrixServer(channel: name, base: base, http: http, now: now)
    client = MatrixClient(
      server: server,
      session: MatrixSession(
        server: server, user: settings.user, credentials: credentials,
        file: MatrixStateFile(folder: folder, channel: name)))
    rooms = MatrixRooms(client: client)
    self.name = name
    self.settings = settings
    self.now = now
  }

  package var isCourteous: Bool { settings.sendsReceipts || settings.showsTyping }

  package func poll(after cursor: String?) async throws -> Poll {
    let polling = MatrixPolling(client: client, settings: settings, rooms: rooms, timeline: timeline, now: now)
    do {
      guard let cursor else { return try await polling.begin() }
      guard let place = MatrixCursor(cursor) else {
        var poll = try await polling.begin()
        poll.unreadable.append(MessageReader.foreign(cursor: cursor, to: "Matrix"))
        return poll
      }
      return try await polling.poll(after: place)
    } catch let refusal as MatrixRefusal {
      throw ChannelError(refusal, channel: name, during: "a poll", mayRepeat: true)
    }
  }

  package func send(_ reply: OutgoingReply) async throws -> [String] {
    let sent: [String]
    do {
      sent = try await MatrixSending(client: client, rooms: rooms).send(
        settings.offersThumbs ? reply : reply.withoutThumbs)
    } catch let refusal as MatrixRefusal {
      throw ChannelError(refusal, channel: name, during: "a reply", mayRepeat: false)
    }
    if typingRooms.remove(reply.conversation.room) { await setTyping(false, in: reply.conversation.room) }
    return sent
  }

  package func takeBack(_ messages: [String], in conversation: ConversationID) async {
    for id in messages {
      let transaction = "greenroom-back-" + SHA256.hexDigest(of: id.utf8).prefix(32)
      try? await MatrixSending(client: client, rooms: rooms).takeBack(id, in: conversation.room, transaction)
    }
  }

  package func findings() async throws -> [ChannelFinding] {
    do {
      return try await MatrixProbe(client: client, settings: settings).findings()
    } catch let refusal as MatrixRefusal {
      throw ChannelError(refusal, channel: name, during: "a test of the account", mayRepeat: true)
    }
  }

  package func seen(_ message: MessageID, in conversation: ConversationID) async {
    guard settings.sendsReceipts else { return }
    _ = try? await client.bytes(
      MatrixCall(
        method: .post, path: ["v3", "rooms", conversation.room, "receipt", "m.read", message.id], body: [:],
        purpose: "a receipt", timeout: .seconds(10)))
  }

  package func typing(in conversation: ConversationID) async {
    guard settings.showsTyping else { return }
    typingRooms.add(conversation.room)
    await setTyping(true, in: conversation.room)
  }

  private func setTyping(_ isTyping: Bool, in room: String) async {
    _ = try? await client.bytes(
      MatrixCall(
        method: .put, path: ["v3", "rooms", room, "typing", settings.user],
        body: isTyping ? ["typing": true, "timeout": 10_000] : ["typing": false], purpose: "a sign of typing",
        timeout: .seconds(5)))
  }
}

/// Rooms in which people see that the bot is typing.
private final class TypingRooms: Sendable {
  private let rooms = Mutex<Set<String>>([])

  func add(_ room: String) { rooms.withLock { _ = $0.insert(room) } }

  func remove(_ room: String) -> Bool { rooms.withLock { $0.remove(room) != nil } }
}
