import Foundation
import Support

/// Reads `greenroom.yml`.
struct SettingsReader {
  let problems: ProblemLog

  static let keys = [
    "name", "language", "channels", "chat", "store", "matching", "desk", "service_levels", "reports",
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
    if let matching = map.map("matching", what: "matching", keys: ["wrong_answers_at_most"]) {
      readShare(matching, "wrong_answers_at_most").map { settings.matching.wrongAnswersAtMost = $0 }
    }
    settings.desk = DeskReader(problems: problems).read(map)
    settings.serviceLevels = ServiceLevelReader(problems: problems).read(map)
    if let reports = map.map("reports", what: "the reports", keys: ["time_zone"]),
      let zone = reports.timeZone("time_zone")
    {
      settings.reports.timeZone = zone
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

  /// `0.03` or `3%`.
  private func readShare(_ map: YAMLMap, _ key: String) -> Double? {
    guard let line = map.text(key) else { return nil }
    let isPercent = line.text.hasSuffix("%")
    let number = isPercent ? line.text.dropLast().trimmingCharacters(in: .whitespaces) : line.text
    if let value = Double(number), value.isFinite, number.first != "0" || !number.lowercased().hasPrefix("0x") {
      let share = isPercent ? value / 100 : value
      if (0...1).contains(share) { return share }
    }
    problems.error(
      at: line.location, "'\(key)' must be a share from 0 to 1, such as 0.03 or 3%; found '\(line.text.clipped)'.")
    return nil
  }
}
