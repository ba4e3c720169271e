import Foundation
import JSON
import Support

/// Tests an app's id and secret and says what is missing.
struct LarkProbe: Sendable {
  let session: LarkSession
  let settings: LarkSettings

  private static let mostRoomsNamed = 50

  func findings() async throws -> [ChannelFinding] {
    let info: JSONValue
    do {
      info = try await session.value(LarkCall(path: ["bot", "v3", "info"], purpose: "the question who the bot is"))
    } catch let refusal as LarkRefusal where refusal.isAboutApp {
      return [app(refusal)]
    }
    let bot = info["bot"]
    let name = String((bot?["app_name"]?.string ?? session.app).prefix(100))
    var findings = [ChannelFinding(isGood: true, text: "The app's id and secret are good: the bot is \(name).")]
    // 0 not yet, 1 shut off by the administrator, 2 on, 3 and 4 wait for something (open.larksuite.com, "Get bot info").
    if let status = bot?["activate_status"]?.int, status != 2 {
      findings.append(
        ChannelFinding(
          isGood: false,
          text: status == 1
            ? "The administrator has turned the app off: have it turned on in the admin console."
            : "The bot is not on yet: publish a version of the app, and have the administrator approve it."))
    }
    findings += try await scopes()
    findings += try await rooms(name)
    return findings
  }

  private func app(_ refusal: LarkRefusal) -> ChannelFinding {
    switch refusal.code {
    case 10_003, 10_014, 10_015, 99_991_543:
      let (here, there) =
        settings.api == LarkSettings.feishu ? ("Feishu", "Lark's") : ("Lark", "Feishu's")
      return ChannelFinding(
        isGood: false,
        text:
          "\(here) does not know the app's id with this secret: compare both with the app's page \"Credentials & Basic "
          + "Info\"; if the app is \(there), set 'domain'.")
    case 230_006:
      return ChannelFinding(
        isGood: false, text: "The app has no bot: add the feature \"Bot\" to it, and publish a new version.")
    default: return bad(refusal, "a test of the app")
    }
  }

  /// An app need not be allowed to ask.
  private func scopes() async throws -> [ChannelFinding] {
    let granted: Set<String>?
    do {
      let call = LarkCall(path: ["application", "v6", "scopes"], purpose: "the question for its scopes")
      granted = LarkScope.granted(try await session.value(call)["data"])
    } catch let refusal as LarkRefusal where !refusal.isRateLimit {
      return []
    }
    guard let granted else { return [] }
    let missing = LarkScope.wanted.filter { granted.isDisjoint(with: $0.names) }
    guard !missing.isEmpty else {
      return [ChannelFinding(isGood: true, text: "It has every scope that is made use of.")]
    }
    return missing.map { scope in
      ChannelFinding(
        isGood: false,
        text:
          "The scope \(scope.names[0]) is missing; without it \(scope.loss). Add it on the app's page \"Permissions & "
          + "Scopes\", and publish a new version.")
    }
  }

  private func rooms(_ name: String) async throws -> [ChannelFinding] {
    let polling = LarkPolling(session: session, settings: settings, now: session.server.now)
    var findings: [ChannelFinding] = []
    var found: [String] = []
    if settings.findsRooms {
      do {
        found = try await polling.groups()
      } catch let refusal as LarkRefusal where refusal.isAboutApp {
        findings.append(bad(refusal, "the question for its groups"))
      }
    }
    let named = settings.rooms.keys.sorted().filter {
      (settings.rooms[$0]?.answering != .never || $0 == settings.canary?.room) && !found.contains($0)
    }
    // One of those that were found, and all that are named, are read for a try.
    for id in found.prefix(1) + named.prefix(Self.mostRoomsNamed) {
      do {
        _ = try await polling.newestTime(id)
        if !found.contains(id) { found.append(id) }
      } catch let refusal as LarkRefusal where refusal.isAboutRoom || refusal.isAboutApp {
        findings.append(bad(refusal, "a look at \(id)"))
      }
    }
    if found.isEmpty, findings.isEmpty {
      findings.append(
        ChannelFinding(
          isGood: false,
          text:
            "The bot is in no group: open a group's settings, choose \"Bots\" and add \(name); a direct chat is named in "
            + "'rooms'."))
    } else if !found.isEmpty {
      findings.insert(ChannelFinding(isGood: true, text: "It is in \(found.count) groups and chats."), at: 0)
    }
    return findings
  }

  private func bad(_ refusal: LarkRefusal, _ during: String) -> ChannelFinding {
    let error = ChannelError(refusal, channel: session.server.channel, during: during, mayRepeat: true)
    return ChannelFinding(isGood: false, text: error.description + ".")
  }
}
