import Foundation
import Support

/// Tests a token and says what is missing.
struct SlackProbe: Sendable {
  let session: SlackSession
  let settings: SlackSettings

  private static let mostRoomsNamed = 50

  func findings() async throws -> [ChannelFinding] {
    session.forgetIdentity()
    let identity: SlackIdentity
    do {
      identity = try await session.identity()
    } catch let refusal as SlackRefusal where refusal.isAboutToken {
      return [kindOfToken ?? bad(refusal, "a test of the token")]
    }
    var findings = [
      ChannelFinding(
        isGood: true, text: "The token is good: the bot is @\(identity.name) in the workspace \(identity.workspace).")
    ]
    if identity.bot == nil { findings.append(kindOfToken ?? Self.notTheBots) }
    findings += scopes(identity)
    findings += try await rooms(identity)
    return findings
  }

  // MARK: The token

  private static let notTheBots = ChannelFinding(
    isGood: false,
    text:
      "The token is a person's, who would seem to write the answers: use the Bot User OAuth Token of the app's page "
      + "\"OAuth & Permissions\", which begins with xoxb-.")

  /// What the token's beginning says is wrong with it.
  private var kindOfToken: ChannelFinding? {
    let token = session.server.token
    if token.hasPrefix("xoxb-") { return nil }
    if token.hasPrefix("xoxp-") { return Self.notTheBots }
    let kinds = [
      ("xapp-", "an app-level token"), ("xoxe", "a token that ends within hours, or renews another"),
      ("xoxc-", "a browser's token"), ("xoxs-", "a browser's token"), ("xoxa-", "a token of an old kind of app"),
    ]
    let kind = kinds.first { token.hasPrefix($0.0) }?.1 ?? "no token that Slack gives to bots"
    return ChannelFinding(
      isGood: false,
      text:
        "This is \(kind): use the Bot User OAuth Token of the app's page \"OAuth & Permissions\", which begins with "
        + "xoxb-.")
  }

  private func scopes(_ identity: SlackIdentity) -> [ChannelFinding] {
    guard let scopes = identity.scopes else { return [] }
    let missing = SlackScope.wanted.filter { !scopes.contains($0.name) }
    guard !missing.isEmpty else {
      return [ChannelFinding(isGood: true, text: "It has every scope that is made use of.")]
    }
    return missing.map { scope in
      ChannelFinding(
        isGood: false,
        text:
          "The scope \(scope.name) is missing; without it \(scope.loss). Add it to the Bot Token Scopes of the app's page "
          + "\"OAuth & Permissions\", and install the app again.")
    }
  }

  // MARK: Rooms

  private func rooms(_ identity: SlackIdentity) async throws -> [ChannelFinding] {
    let polling = SlackPolling(session: session, settings: settings, now: session.server.now)
    var findings: [ChannelFinding] = []
    var found: [String] = []
    if settings.findsRooms {
      do {
        found = try await polling.listedRooms().map(\.id)
      } catch let refusal as SlackRefusal where refusal.isAboutToken {
        return [bad(refusal, "the question for its channels")]
      }
    }
    for id in settings.rooms.keys.sorted().prefix(Self.mostRoomsNamed)
    where (settings.rooms[id]?.answering != .never || id == settings.canary?.room) && !found.contains(id) {
      do {
        _ = try await polling.newestTime(id)
        found.append(id)
      } catch let refusal as SlackRefusal where refusal.isAboutRoom || refusal.isAboutToken {
        findings.append(bad(refusal, "a look at \(id), which 'rooms' names"))
      }
    }
    if found.isEmpty {
      findings.append(
        ChannelFinding(
          isGood: false,
          text: "The bot is in no channel: write \"/invite @\(identity.name)\" in one, or write to it directly."))
    } else {
      findings.insert(
        ChannelFinding(isGood: true, text: "It reads \(found.count) of the workspace's channels and direct chats."),
        at: 0)
    }
    return findings
  }

  private func bad(_ refusal: SlackRefusal, _ during: String) -> ChannelFinding {
    let error = ChannelError(refusal, channel: session.server.channel, during: during, mayRepeat: true)
    return ChannelFinding(isGood: false, text: error.description + ".")
  }
}
