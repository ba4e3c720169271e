import Support

/// Reads `greenroom.yml`.
struct SettingsReader {
  let problems: ProblemLog

  static let keys = [
    "name", "language", "channels", "chat", "store", "matching", "desk", "service_levels", "reports", "flood",
  ]

  /// What is missing or wrong keeps its default; what is wrong is reported.
  func read(_ file: SourceText) -> Settings {
    var settings = Settings()
    guard case .node(let node) = YAMLDocument(file: file.file, linesBefore: 0, problems: problems).read(file.text),
      let map = YAMLMap(node, what: "the settings", keys: Self.keys, problems)
    else { return settings }
    if let name = map.text("name") { settings.name = name.text.oneLine }
    if let language = map.language("language") { settings.language = language }
    settings.channels = ChannelReader(problems: problems).read(map)
    readChat(map, into: &settings.chat)
    if let store = map.map("store", what: "the store", keys: ["folder"]), let folder = store.text("folder") {
      settings.store.folder = folder.text
    }
    settings.matching = MatchingReader(problems: problems).read(map)
    settings.desk = DeskReader(problems: problems).read(map)
    settings.serviceLevels = ServiceLevelReader(problems: problems).read(map)
    if let reports = map.map("reports", what: "the reports", keys: ["time_zone"]),
      let zone = reports.timeZone("time_zone")
    {
      settings.reports.timeZone = zone
    }
    if let flood = map.map("flood", what: "the flood limit", keys: ["messages", "seconds"]) {
      if let messages = flood.integer("messages", in: 0...1_000_000) { settings.flood.messages = messages }
      if let seconds = flood.integer("seconds", in: 1...86_400) { settings.flood.seconds = seconds }
    }
    return settings
  }

  private func readChat(_ map: YAMLMap, into chat: inout ChatSettings) {
    guard let below = map.map("chat", what: "the chat", keys: ["enabled", "host", "port"]) else { return }
    if let enabled = below.bool("enabled") { chat.enabled = enabled }
    if let port = below.integer("port", in: 0...65535) { chat.port = port }
    guard let host = below.text("host") else { return }
    let isAddress = host.text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || ".-:[]_%".unicodeScalars.contains($0))
    }
    if isAddress {
      chat.host = host.text
    } else {
      problems.error(
        at: host.location, "'host' must be an address to listen on, such as 127.0.0.1 or 0.0.0.0, without a port.")
    }
  }
}
