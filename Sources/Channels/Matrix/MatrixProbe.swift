import Foundation
import JSON
import Support

/// Tests an account and says what is missing: whether the server is one, who the bot is there, and which rooms it can read.
struct MatrixProbe: Sendable {
  let client: MatrixClient
  let settings: MatrixSettings

  private static let mostNamed = 10

  func findings() async throws -> [ChannelFinding] {
    let server = try await versions()
    guard server.isGood else { return [server] }
    let identity: MatrixIdentity
    let device: String?
    do {
      // The token of a login that was kept may have ceased to be good; this notices, and logs in anew.
      device = try await ask(["v3", "account", "whoami"], "the question who the bot is")["device_id"]?.string
      identity = try await client.session.identity()
    } catch let error as ChannelError where error.code == .unauthorized {
      return [server, ChannelFinding(isGood: false, text: error.description + ".")]
    } catch let refusal as MatrixRefusal where refusal.isAboutToken || refusal.status == 403 {
      return [server, bad(refusal, "the question who the bot is")]
    }
    return [server, account(identity, device: device), name(identity)] + (try await rooms(of: identity))
      + [inviters(of: identity)]
  }

  private func ask(_ path: [String], _ purpose: String) async throws -> JSONValue {
    try await client.value(MatrixCall(path: path, purpose: purpose, mayRepeat: true))
  }

  // MARK: The server

  /// Needs no login.
  private func versions() async throws -> ChannelFinding {
    let nothing = ChannelFinding(
      isGood: false,
      text: "What answers at \(client.server.base) is no homeserver: 'homeserver' is the address that clients use, "
        + "without /_matrix behind it.")
    let call = MatrixCall(path: ["versions"], purpose: "the question for its versions", mayRepeat: true)
    let listed: [String]
    do {
      guard let list = try await client.server.value(call, token: nil)["versions"]?.array else { return nothing }
      listed = list.prefix(200).compactMap(\.string)
    } catch let refusal as MatrixRefusal where refusal.status < 500 && refusal.status != 429 {
      return nothing
    } catch let error as ChannelError where error.code == .malformed {
      return nothing
    }
    // The paths that are asked here came with v1.1 (Matrix specification, "Changelog").
    guard let newest = listed.compactMap(Self.minor).max(), newest >= 1 else {
      return ChannelFinding(
        isGood: false,
        text:
          "The homeserver is too old: it speaks no Matrix v1.1 or later. Have its administrator bring it up to date.")
    }
    return ChannelFinding(isGood: true, text: "The homeserver answers, and speaks Matrix v1.\(newest).")
  }

  private static func minor(_ version: String) -> Int? {
    version.hasPrefix("v1.") ? Int(version.dropFirst(3).prefix(4)) : nil
  }

  // MARK: The account

  private func account(_ identity: MatrixIdentity, device: String?) -> ChannelFinding {
    let what =
      switch settings.authentication {
      case .password: "The login is good"
      case .accessToken: "The access token is good"
      }
    let suffix = device.flatMap(Self.shown).map { ", on the device \($0)" } ?? ""
    return ChannelFinding(isGood: true, text: "\(what): the bot is \(identity.user)\(suffix).")
  }

  private func name(_ identity: MatrixIdentity) -> ChannelFinding {
    guard let name = identity.displayName.flatMap(Self.shown) else {
      return ChannelFinding(
        isGood: true,
        text: "It has no display name: people mention it as \(identity.user). Any client can give the account one.")
    }
    return ChannelFinding(isGood: true, text: "People see it as \"\(name)\".")
  }

  private func inviters(of identity: MatrixIdentity) -> ChannelFinding {
    let accepted: String
    if let inviters = settings.inviters {
      accepted = inviters.isEmpty ? "nobody" : Self.list(inviters.sorted())
    } else {
      accepted = "everybody on \(MatrixSettings.server(of: identity.user) ?? "its own server")"
    }
    return ChannelFinding(isGood: true, text: "It accepts invitations from \(accepted).")
  }

  // MARK: Rooms

  private func rooms(of identity: MatrixIdentity) async throws -> [ChannelFinding] {
    let call = MatrixCall(path: ["v3", "joined_rooms"], purpose: "the question for its rooms", mayRepeat: true)
    let answer = try await client.value(call)
    guard let joined = answer["joined_rooms"]?.array?.compactMap(\.string) else {
      throw client.server.malformed(call, "names no rooms")
    }
    let (invitations, encrypted) = try await look(as: identity)
    var findings = [
      ChannelFinding(
        isGood: true,
        text: joined.isEmpty && invitations.isEmpty
          ? "It is in no room yet: invite \(identity.user) to one." : "It is in \(Self.count(joined.count, "room")).")
    ]
    findings += invitations.map { invitation(from: $0.inviter, to: $0.room, identity) }
    let mine = Set(joined)
    let deaf = encrypted.filter { mine.contains($0) && settings.rooms[$0]?.answering != .never }
    if !deaf.isEmpty {
      findings.append(
        ChannelFinding(
          isGood: false,
          text:
            "\(deaf.count == 1 ? "One of them is" : "\(deaf.count) of them are") encrypted, where the bot cannot read: "
            + "\(Self.list(deaf.sorted())). Make a room without encryption, and invite it there."))
    }
    let invited = Set(invitations.map(\.room))
    for room in settings.rooms.keys.sorted().prefix(50) where !mine.contains(room) && !invited.contains(room) {
      guard settings.rooms[room]?.answering != .never || room == settings.canary?.room else { continue }
      findings.append(
        ChannelFinding(
          isGood: false,
          text: "The bot is not in \(room), which the settings name: invite it there, or take the line out.")
      )
    }
    return findings
  }

  private func invitation(from inviter: String?, to room: String, _ identity: MatrixIdentity) -> ChannelFinding {
    let who = inviter.flatMap(Self.shown) ?? "somebody"
    let isAccepted = inviter.map { settings.acceptsInvitations(from: $0, to: identity.user) } ?? false
    return ChannelFinding(
      isGood: true,
      text: isAccepted
        ? "An invitation from \(who) to \(room) waits, and is accepted once the bot runs."
        : "An invitation from \(who) to \(room) waits and is not accepted: to have it accepted, add \(who) to "
          + "'invites_from'.")
  }

  /// What only a sync tells at one go.
  private func look(
    as identity: MatrixIdentity
  ) async throws -> (invitations: [MatrixSync.Invitation], encrypted: [String]) {
    let none: JSONValue = ["types": []]
    // A timeline of no types at all would be taken for a wish to hear of no rooms (Synapse).
    let encryption: JSONValue = ["m.room.encryption"]
    let filter: JSONValue = [
      "presence": none, "account_data": none,
      "room": [
        "timeline": ["types": encryption, "limit": 1], "state": ["types": encryption], "ephemeral": none,
        "account_data": none,
      ],
    ]
    // Synapse answers a sync that asks for the same as one of the last minutes from its memory. A first one waits for nothing,
    // however long it says that it would.
    let milliseconds = 1 + abs(Int(client.server.now().timeIntervalSince1970 * 1000)) % 9_973
    let call = MatrixCall(
      path: ["v3", "sync"],
      query: [("filter", filter.serialized()), ("timeout", "\(milliseconds)"), ("set_presence", "offline")],
      purpose: "the question for its invitations", mayRepeat: true)
    var setAside: [UnreadableMessage] = []
    let value = try await client.events(call, setAside: &setAside)
    guard let sync = MatrixSync(value, user: identity.user) else { throw client.server.malformed(call, "is no sync") }
    let encrypted = (value["rooms"]?["join"]?.object ?? [:]).filter { _, room in
      ["state", "timeline"].contains { part in
        room[part]?["events"]?.array?.contains { $0["type"] == "m.room.encryption" } == true
      }
    }
    return (sync.invitations.sorted { $0.room < $1.room }, encrypted.map(\.key))
  }

  // MARK: Words

  private func bad(_ refusal: MatrixRefusal, _ during: String) -> ChannelFinding {
    let error = ChannelError(refusal, channel: client.server.channel, during: during, mayRepeat: true)
    return ChannelFinding(isGood: false, text: error.description + ".")
  }

  private static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private static func list(_ names: [String]) -> String {
    let rest = names.count - mostNamed
    return names.prefix(mostNamed).joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
  }

  /// A name that others chose, on one line.
  private static func shown(_ name: String) -> String? {
    let line = name.prefix(100).filter { !$0.isNewline && !$0.unicodeScalars.contains { $0.value < 0x20 } }
    return line.isEmpty ? nil : line
  }
}
