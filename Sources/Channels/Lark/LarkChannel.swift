package import Foundation
package import HTTP
import JSON
package import Support

/// An app of Lark or Feishu as a channel (docs/lark.md).
package struct LarkChannel: Support.Channel {
  package let name: String
  private let settings: LarkSettings
  private let session: LarkSession
  private let now: @Sendable () -> Date

  private static let atOnce = 30

  /// - Parameters:
  ///   - http: may be shared by channels; it is not shut down here.
  ///   - now: for message times, for the life of access tokens, and for waits.
  ///   - sleep: waits between polls.
  /// - Throws: `ChannelSetupError` where the address is wrong, or the secret cannot be fetched.
  package init(
    name: String, settings: LarkSettings, secrets: SecretReader, http: HTTPClient,
    now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) throws(ChannelSetupError) {
    let base = try WebhookAddress.base(settings.api, of: "api", channel: name)
    let secret = try ChannelSetupError.naming("app_secret", of: name) { () throws(SecretError) in
      try secrets.read(settings.appSecret)
    }
    self.name = name
    self.settings = settings
    self.now = now
    session = LarkSession(
      server: LarkServer(
        channel: name, base: base, http: http,
        pace: RequestPace(
          perMinute: settings.requestsPerMinute, atOnce: Self.atOnce, now: now, sleep: sleep), now: now),
      app: settings.appID, secret: secret)
  }

  /// A poll waits for nothing but its turn to ask, of which it may need some twenty.
  package var longestPoll: TimeInterval { max(60, 20 * 60 / Double(settings.requestsPerMinute)) }

  package func poll(after cursor: String?) async throws -> Poll {
    let polling = LarkPolling(session: session, settings: settings, now: now)
    do {
      guard let cursor else { return try await polling.begin() }
      guard let place = LarkCursor(cursor) else {
        var poll = try await polling.begin()
        poll.unreadable.append(MessageReader.foreign(cursor: cursor, to: "Lark"))
        return poll
      }
      return try await polling.poll(after: place)
    } catch let refusal as LarkRefusal {
      throw ChannelError(refusal, channel: name, during: "a poll", mayRepeat: true)
    }
  }

  package func takeBack(_ messages: [String], in conversation: ConversationID) async {
    for id in messages { try? await LarkSending(session: session, now: now).delete(id) }
  }

  package func findings() async throws -> [ChannelFinding] {
    do {
      return try await LarkProbe(session: session, settings: settings).findings()
    } catch let refusal as LarkRefusal {
      throw ChannelError(refusal, channel: name, during: "a test of the app", mayRepeat: true)
    }
  }

  package func send(_ reply: OutgoingReply) async throws -> [String] {
    do {
      return try await LarkSending(session: session, now: now).send(settings.offersThumbs ? reply : reply.withoutThumbs)
    } catch let refusal as LarkRefusal {
      throw ChannelError(refusal, channel: name, during: "a reply", mayRepeat: false)
    }
  }
}
