import Support

extension InteractionListing {
  static let csvHeader: [CSVWriter.Cell] = [
    "id", "time", "direction", "agency", "channel", "room", "thread", "message", "author", "decision", "matched",
    "confidence", "language", "latency_ms", "result", "ticket", "workspace_version", "text",
  ]

  /// RFC 4180 with a header; the text in full. Cells that a spreadsheet would take for a formula begin with an apostrophe.
  package func csv() -> String {
    var csv = CSVWriter()
    csv.row(Self.csvHeader)
    for line in interactions {
      csv.row([
        .number(line.id), .own(Timestamp.rfc3339(line.at)), .own(line.direction.rawValue), .written(line.agency),
        .written(line.conversation.channel), .written(line.conversation.room), .written(line.conversation.thread),
        .written(line.message), .written(line.author), .own(line.decision?.rawValue ?? ""),
        .written(line.matched.map(\.description).joined(separator: " ")), .number(line.confidence, places: 3),
        .written(line.language), .number(line.latencyMilliseconds, places: 3), .own(line.result.rawValue),
        .number(line.ticket), .written(line.workspaceVersion), .written(line.text),
      ])
    }
    return csv.text
  }
}
