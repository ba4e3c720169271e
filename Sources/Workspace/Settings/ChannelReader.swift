import Support

/// Reads the `channels` of the settings.
struct ChannelReader {
  let problems: ProblemLog

  private enum Kind: String, CaseIterable {
    case webhook, matrix, telegram, slack, lark, discord

    var keys: [String] {
      switch self {
      case .webhook: ChannelReader.webhookKeys
      case .matrix: MatrixReader.keys
      case .slack: SlackReader.keys
      case .lark: LarkReader.keys
      case .telegram: TelegramReader.keys
      case .discord: DiscordReader.keys
      }
    }
  }

  private static let webhookKeys = ["url", "reply_url", "wait", "auth", "ignore_senders", "fields", "canary"]

  func read(_ settings: YAMLMap) -> [ChannelSettings] {
    var names: [String: SourceLocation] = [:]
    return settings.list("channels").compactMap { item in
      let kind = kind(of: item)
      guard
        let map = YAMLMap(item, what: "a channel", keys: ["name", "type"] + (kind ?? .webhook).keys, problems)
      else { return nil }
      let name = readName(map, &names)
      readType(map)
      let settings: ChannelSettings.Kind? =
        switch kind {
        case .matrix: MatrixReader(problems: problems).read(map).map { .matrix($0) }
        case .slack: SlackReader(problems: problems).read(map).map { .slack($0) }
        case .lark: LarkReader(problems: problems).read(map).map { .lark($0) }
        case .telegram: TelegramReader(problems: problems).read(map).map { .telegram($0) }
        case .discord: DiscordReader(problems: problems).read(map).map { .discord($0) }
        case .webhook, nil: readWebhook(map).map { .webhook($0) }
        }
      guard let name, let settings else { return nil }
      return ChannelSettings(name: name.text, kind: settings, location: name.location)
    }
  }

  /// Looked up before the rest is read: which keys there may be depends on it.
  private func kind(of item: YAMLNode) -> Kind? {
    guard case .map(let entries) = item.content,
      case .scalar(let text, _)? = entries.first(where: { $0.key == "type" })?.value.content
    else { return nil }
    return Kind(rawValue: text)
  }

  private func readWebhook(_ map: YAMLMap) -> WebhookSettings? {
    let url = map.requiredServerAddress("url", secretKey: "auth")
    let replyURL = map.requiredServerAddress("reply_url", secretKey: "auth")
    var webhook = WebhookSettings(url: url ?? "", replyURL: replyURL ?? "")
    if let wait = map.integer("wait", in: 0...300) { webhook.waitSeconds = wait }
    if let authentication = readAuthentication(map) { webhook.authentication = authentication }
    webhook.ignoredSenders = Set(map.texts("ignore_senders").map(\.text))
    webhook.fields = FieldMapReader(problems: problems).read(map)
    CanaryReader(problems: problems).refuse(
      map, "The webhook protocol gives replies no ids, so that a webhook channel can have no canary.")
    return url == nil || replyURL == nil ? nil : webhook
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
    let kinds = Kind.allCases.map(\.rawValue)
    guard let type = map.requiredText("type", " Write type: \(kinds.alternatives)."), Kind(rawValue: type.text) == nil
    else { return }
    problems.error(
      at: type.location,
      "'type' must be \(kinds.alternatives); found '\(type.text.clipped)'.\(NearMiss.hint(type.text, among: kinds))")
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
