import Foundation
import Support

/// Reads the `channels` of the settings.
struct ChannelReader {
  let problems: ProblemLog

  static let keys = ["name", "type", "url", "reply_url", "wait", "auth", "ignore_senders", "fields"]

  func read(_ settings: YAMLMap) -> [ChannelSettings] {
    var names: [String: SourceLocation] = [:]
    return settings.list("channels").compactMap { item in
      guard let map = YAMLMap(item, what: "a channel", keys: Self.keys, problems) else { return nil }
      let name = readName(map, &names)
      readType(map)
      let url = readURL(map, "url")
      let replyURL = readURL(map, "reply_url")
      var webhook = WebhookSettings(url: url ?? "", replyURL: replyURL ?? "")
      if let wait = map.integer("wait", in: 0...300) { webhook.waitSeconds = wait }
      if let authentication = readAuthentication(map) { webhook.authentication = authentication }
      webhook.ignoredSenders = Set(map.texts("ignore_senders").map(\.text))
      webhook.fields = FieldMapReader(problems: problems).read(map)
      guard let name, url != nil, replyURL != nil else { return nil }
      return ChannelSettings(name: name.text, kind: .webhook(webhook), location: name.location)
    }
  }

  private func readName(_ map: YAMLMap, _ names: inout [String: SourceLocation]) -> AuthoredLine? {
    guard let name = map.requiredText("name") else { return nil }
    guard Identifier.isName(name.text) else {
      problems.error(
        at: name.location, "The channel '\(name.text.clipped)' must be named with letters, digits, '-' and '_'.")
      return nil
    }
    if let first = names[name.text] {
      problems.error(
        at: name.location, "There are two channels '\(name.text)'; the first is at line \(first.line).")
    }
    names[name.text] = names[name.text] ?? name.location
    return name
  }

  private func readType(_ map: YAMLMap) {
    guard let type = map.requiredText("type", " Write type: webhook."), type.text != "webhook" else { return }
    problems.error(at: type.location, "'type' must be webhook; found '\(type.text.clipped)'.")
  }

  private func readURL(_ map: YAMLMap, _ key: String) -> String? {
    guard let line = map.requiredText(key) else { return nil }
    guard let parts = URLComponents(string: line.text), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
      parts.port.map({ (1...65535).contains($0) }) ?? true, !line.text.contains(where: \.isWhitespace)
    else {
      problems.error(at: line.location, "'\(key)' must be an address that begins with https:// or http:// and a host.")
      return nil
    }
    guard parts.user == nil, parts.password == nil else {
      problems.error(at: line.location, "'\(key)' must not hold a user or password; use 'auth' with env or file.")
      return nil
    }
    guard parts.fragment == nil else {
      problems.error(at: line.location, "'\(key)' must not hold a '#' part; it is never sent to a server.")
      return nil
    }
    return line.text
  }

  private func readAuthentication(_ map: YAMLMap) -> WebhookSettings.Authentication? {
    guard let below = map.map("auth", what: "auth", keys: ["bearer", "hmac"]) else { return nil }
    let bearer = below.has("bearer") ? readSecret(below, "bearer") : nil
    let hmac = below.has("hmac") ? readSecret(below, "hmac") : nil
    switch (below.has("bearer"), below.has("hmac")) {
    case (true, true):
      problems.error(at: below.location, "'auth' takes one of 'bearer' and 'hmac', not both.")
      return nil
    case (false, false):
      problems.error(
        at: below.location, "'auth' needs 'bearer' or 'hmac'; leave it out for a server that asks for none.")
      return nil
    default:
      return bearer.map { .bearer($0) } ?? hmac.map { .hmac($0) }
    }
  }

  /// Never repeats what it finds: it may be the secret.
  private func readSecret(_ map: YAMLMap, _ key: String) -> SecretSource? {
    let advice = "name an environment variable, {env: GREENROOM_TOKEN}, or a file, {file: secrets/token}"
    guard let node = map.entryQuietly(key) else {
      problems.error(at: map.keyLocation(key) ?? map.location, "'\(key)' is empty: \(advice).")
      return nil
    }
    guard case .map(let entries) = node.content else {
      problems.error(at: node.location, "A secret must not stand in this file: \(advice).")
      return nil
    }
    guard entries.count == 1, let entry = entries.first, ["env", "file"].contains(entry.key) else {
      let odd = entries.first { !["env", "file"].contains($0.key) } ?? entries.dropFirst().first
      problems.error(at: odd?.keyLocation ?? node.location, "'\(key)' takes one of 'env' and 'file': \(advice).")
      return nil
    }
    guard let value = YAMLMap.text(of: entry.value, "'\(entry.key)'", problems) else { return nil }
    if entry.key == "file" { return .file(value.text) }
    let isVariable =
      value.text.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } == true
      && value.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    guard isVariable else {
      problems.error(
        at: value.location, "'env' must be the name of an environment variable, such as GREENROOM_TOKEN, not its value."
      )
      return nil
    }
    return .environment(value.text)
  }
}
