import Foundation
import JSON
import Support

/// `/health` for people.
struct StatusOutput {
  let health: JSONValue
  let address: String
  let now: Date

  init(_ health: JSONValue, address: String, now: Date) {
    self.health = health
    self.address = address
    self.now = now
  }

  var prose: String {
    let isWell = health["status"]?.string == "ok"
    let state = isWell ? Terminal.styled("well", .green, .bold) : Terminal.styled("not well", .red, .bold)
    let uptime = Self.length(Double(health["uptime_seconds"]?.int ?? 0))
    var lines = ["The bot at \(address) is \(state). It has run for \(uptime)."]
    lines.append(Self.text(health["matching"]?["mode"]).map { "Matching: \($0)." } ?? "")
    if let ledger = Self.text(health["ledger"]), ledger != "ok" {
      lines.append(Terminal.styled("The ledger: \(ledger)", .red))
    }
    if let problems = health["workspace"]?["problems"]?.int, problems > 0 {
      let words =
        "The workspace on disk has \(problems) error\(problems == 1 ? "" : "s"): the last good version answers."
      lines.append(Terminal.styled(words + " See 'greenroom check'.", .yellow))
    }
    lines.append("")
    lines.append(
      Terminal.styled(Self.row(["channel", "state", "last good poll", "lag", "undecided", "unsent", "held"]), .bold))
    for channel in health["channels"]?.array ?? [] { lines += self.lines(of: channel) }
    return lines.joined(separator: "\n")
  }

  private func lines(of channel: JSONValue) -> [String] {
    let isWell = channel["status"]?.string == "ok"
    let held = channel["held"]?.int ?? 0
    // The first may be held open by the server for a while.
    let lastPoll = ago(channel["last_good_poll"]) ?? (isWell ? "under way" : "never")
    let cells = [
      Self.text(channel["name"]) ?? "?", isWell ? "ok" : "unhealthy", lastPoll,
      Self.length(Double(channel["lag_seconds"]?.int ?? 0)), "\(channel["undecided"]?.int ?? 0)",
      "\(channel["unsent"]?.int ?? 0)", "\(held)",
    ]
    var lines = [isWell ? Self.row(cells) : Terminal.styled(Self.row(cells), .red)]
    if let error = Self.text(channel["last_error"]) {
      let when = ago(channel["last_error_at"]).map { " (\($0))" } ?? ""
      lines.append(Terminal.styled("  last error\(when): \(error)", .dim))
    }
    if let canary = channel["canary"], canary.object != nil {
      let seen = ago(canary["last_seen"]).map { "last seen \($0)" } ?? "not seen yet"
      let isMissing = canary["error"]?.string != nil
      lines.append(
        Terminal.styled("  canary: \(seen)\(isMissing ? "; the latest is missing" : "")", isMissing ? .red : .dim))
    }
    if held > 0 {
      lines.append(Terminal.styled("  held replies wait for a person: see 'greenroom log --set-aside'.", .yellow))
    }
    return lines
  }

  /// What waits, without a running bot.
  static func table(_ queues: [ChannelQueue], now: Date) -> String {
    let head = row(["channel", "", "", "lag", "undecided", "unsent", "held"])
    return
      ([Terminal.styled(head, .bold)]
      + queues.map { queue in
        row([
          Terminal.harmless(queue.channel), "", "", length(queue.lag(at: now)), "\(queue.undecided)",
          "\(queue.unsent)", "\(queue.held)",
        ])
      }).joined(separator: "\n")
  }

  private static let widths = [16, 11, 16, 9, 11, 8, 6]

  private static func row(_ cells: [String]) -> String {
    let padded = zip(cells, widths).map { cell, width in
      cell + String(repeating: " ", count: max(1, width - cell.count))
    }.joined()
    return String(padded.reversed().drop { $0 == " " }.reversed())
  }

  private static func text(_ value: JSONValue?) -> String? { value?.string.map(Terminal.harmless) }

  private func ago(_ value: JSONValue?) -> String? {
    guard let text = value?.string,
      let date = try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(text)
    else { return nil }
    return Self.length(max(0, now.timeIntervalSince(date))) + " ago"
  }

  /// `4 s`, `12 min`, `3 h`, `5 d`.
  private static func length(_ seconds: TimeInterval) -> String {
    switch seconds {
    case ..<120: "\(Int(seconds)) s"
    case ..<7_200: "\(Int(seconds / 60)) min"
    case ..<172_800: "\(Int(seconds / 3_600)) h"
    default: "\(Int(seconds / 86_400)) d"
    }
  }
}
