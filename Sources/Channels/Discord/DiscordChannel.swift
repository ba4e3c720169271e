package import Foundation
package import HTTP
import JSON
package import Support

/// A bot of Discord as a channel: it reads the rooms it is told of, over REST (docs/discord.md).
package struct DiscordChannel: Support.Channel {
  package let name: String
  private let settings: DiscordSettings
  private let server: DiscordServer
  private let memory = DiscordMemory()
  private let now: @Sendable () -> Date
  private let sleep: @Sendable (Duration) async throws -> Void

  /// - Parameters:
  ///   - http: may be shared by channels; it is not shut down here.
  ///   - now: for message times, and for waits.
  ///   - sleep: throws where the task is cancelled.
  /// - Throws: `ChannelSetupError` where the address, the token or a room can be none, or the token cannot be fetched.
  package init(
    name: String, settings: DiscordSettings, secrets: SecretReader, http: HTTPClient,
    now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void
  ) throws(ChannelSetupError) {
    let token = try ChannelSetupError.naming("token", of: name) { () throws(SecretError) in
      try secrets.read(settings.token)
    }
    if let odd = settings.rooms.keys.sorted().first(where: { Snowflake($0) == nil }) {
      throw ChannelSetupError(channel: name, "rooms: '\(odd.prefix(50))' is no id of Discord")
    }
    server = try DiscordServer(
      channel: name, server: settings.server, token: token, http: http, now: now, sleep: sleep)
    self.name = name
    self.settings = settings
    self.now = now
    self.sleep = sleep
  }

  package func poll(after cursor: String?) async throws -> Poll {
    do {
      return try await DiscordPolling(
        server: server, settings: settings, memory: memory, now: now, sleep: sleep
      ).poll(after: cursor)
    } catch let refusal as DiscordRefusal {
      throw ChannelError(refusal, channel: name, during: .poll)
    }
  }

  package func send(_ reply: OutgoingReply) async throws -> [String] {
    do {
      return try await DiscordSending(server: server, memory: memory, now: now).send(
        settings.offersThumbs ? reply : reply.withoutThumbs)
    } catch let refusal as DiscordRefusal {
      throw ChannelError(refusal, channel: name, during: .reply)
    }
  }

  package var isCourteous: Bool { settings.showsTyping }

  package func typing(in conversation: ConversationID) async {
    guard settings.showsTyping, let room = Snowflake(conversation.thread ?? conversation.room) else { return }
    _ = try? await server.bytes(
      DiscordCall(method: .post, path: "channels/\(room)/typing", purpose: .courtesy, timeout: .seconds(5)))
  }

  package func takeBack(_ messages: [String], in conversation: ConversationID) async {
    guard let room = Snowflake(conversation.thread ?? conversation.room) else { return }
    for id in messages {
      try? await DiscordSending(server: server, memory: memory, now: now).delete(id, in: room)
    }
  }

  package func findings() async throws -> [ChannelFinding] {
    do {
      return try await DiscordSetUp(server: server, settings: settings).findings()
    } catch let refusal as DiscordRefusal {
      throw ChannelError(refusal, channel: name, during: .setUp)
    }
  }
}
