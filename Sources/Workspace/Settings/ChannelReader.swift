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
      let url = map.requiredServerAddress("url", secretKey: "auth")
      let replyURL = map.requiredServerAddress("reply_url", secretKey: "auth")
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

  private func readAuthentication(_ map: YAMLMap) -> WebhookSettings.Authentication? {
    guard let below = map.map("auth", what: "auth", keys: ["bearer", "hmac"]) else { return nil }
    let secrets = SecretSourceReader(problems: problems)
    let bearer = below.has("bearer") ? secrets.read(below, "bearer") : nil
    let hmac = below.has("hmac") ? secrets.read(below, "hmac") : nil
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
}
