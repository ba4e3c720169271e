package import Foundation
package import HTTP
import JSON
package import Support

/// A Slack workspace as a channel (docs/slack.md): polled and written to through the Web API.
package struct SlackChannel: Support.Channel {
  package let name: String
  private let settings: SlackSettings
  private let session: SlackSession
  private let now: @Sendable () -> Date

  /// How many requests of one kind may follow each other at once.
  private static let atOnce = 15

  /// - Parameters:
  ///   - http: may be shared by channels; it is not shut down here.
  ///   - now: for message times, and for waits.
  ///   - sleep: waits between polls.
  /// - Throws: `ChannelSetupError` where the address is wrong, or the token cannot be fetched.
  package init(
    name: String, settings: SlackSettings, secrets: SecretReader, http: HTTPClient,
    now: @escaping @Sendable () -> Date,
    sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
  ) throws(ChannelSetupError) {
    let base = try WebhookAddress.base(settings.api, of: "api", channel: name)
    let token = try ChannelSetupError.naming("token", of: name) { () throws(SecretError) in
      try secrets.read(settings.token).bearerToken()
    }
    self.name = name
    self.settings = settings
    self.now = now
    session = SlackSession(
      server: SlackServer(
        channel: name, base: base, token: token, http: http,
        pace: RequestPace(
          perMinute: settings.requestsPerMinute, atOnce: Self.atOnce, now: now, sleep: sleep), now: now))
  }

  /// A poll waits for nothing but its turn to ask, of which it may need some twenty.
  package var longestPoll: TimeInterval { max(60, 20 * 60 / Double(settings.requestsPerMinute)) }

  package func poll(after cursor: String?) async throws -> Poll {
    let polling = SlackPolling(session: session, settings: settings, now: now)
    do {
      guard let cursor else { return try await polling.begin() }
      guard let place = SlackCursor(cursor) else {
        var poll = try await polling.begin()
        poll.unreadable.append(MessageReader.foreign(cursor: cursor, to: "Slack"))
        return poll
      }
      return try await polling.poll(after: place)
    } catch let refusal as SlackRefusal {
      if refusal.isAboutToken { session.forgetIdentity() }
      throw ChannelError(refusal, channel: name, during: "a poll", mayRepeat: true)
    }
  }

  package func takeBack(_ messages: [String], in conversation: ConversationID) async {
    for id in messages { try? await SlackSending(session: session).delete(id) }
  }

  package func findings() async throws -> [ChannelFinding] {
    do {
      return try await SlackProbe(session: session, settings: settings).findings()
    } catch let refusal as SlackRefusal {
      throw ChannelError(refusal, channel: name, during: "a test of the token", mayRepeat: true)
    }
  }

  package func send(_ reply: OutgoingReply) async throws -> [String] {
    do {
      return try await SlackSending(session: session).send(settings.offersThumbs ? reply : reply.withoutThumbs)
    } catch let refusal as SlackRefusal {
      throw ChannelError(refusal, channel: name, during: "a reply", mayRepeat: false)
    }
  }
}
