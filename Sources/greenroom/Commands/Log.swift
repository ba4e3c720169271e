import ArgumentParser
import Foundation
import Insights
import JSON
import Ledger
import Support

struct Log: AsyncParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, jsonl, csv
  }

  static let configuration = CommandConfiguration(
    abstract: "Read the log: every message in and out, with what was decided and why.",
    discussion:
      "--explain ID tells everything that led to the decision on one message, by the id that the table shows.",
    subcommands: [LogCorrect.self, LogRelease.self, LogDrop.self])

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions
  @Option(name: .long, help: "From this time on: 2026-11-23, 2026-11-23T10:00:00Z, or an age such as 30m, 12h, 7d.")
  var since: Moment?
  @Option(name: .long, help: "Before this time; forms as for --since.")
  var until: Moment?
  @Option(name: .long, help: "Only this agency.")
  var agency: String?
  @Option(name: .long, help: "Only this decision: answer, clarify, collect, escalate or silent.")
  var decision: Decision.Kind?
  @Option(name: .long, help: "Only messages matched with this intent, by its id.")
  var intent: String?
  @Option(name: .long, help: "Only messages matched with this article, by its id.")
  var article: String?
  @Option(name: .long, help: "Only what belongs to this ticket.")
  var ticket: Int?
  @Option(name: .long, help: "The newest so many; 0 for all.")
  var limit = 200
  @Option(name: .long, help: "table, jsonl or csv.")
  var format: Format = .table
  @Flag(name: .long, help: "The same as --format jsonl.")
  var json = false
  @Option(name: .long, help: ArgumentHelp("Why this message was decided as it was.", valueName: "id"))
  var explain: Int?
  @Flag(name: .long, help: "Instead of the log, what could not be read or sent.")
  var setAside = false

  func validate() throws {
    if intent != nil && article != nil { throw ValidationError("Give --intent or --article, not both.") }
    if explain != nil && setAside { throw ValidationError("Give --explain or --set-aside, not both.") }
    if explain != nil && format == .csv { throw ValidationError("--explain prints text or, with --json, JSON.") }
    if limit < 0 { throw ValidationError("--limit must not be negative.") }
  }

  func run() async throws {
    try await reporting {
      let ledger = try data.openLedger(workspace)
      let format = json ? .jsonl : format
      if setAside {
        let items = try await ledger.setAside(limit: limit == 0 ? Int(Int32.max) : limit)
        if format == .table && items.isEmpty { return print("Nothing has been set aside.") }
        for item in items { print(format == .table ? Self.line(item) : Self.json(item).serialized()) }
        return
      }
      if let explain {
        let line = try await Self.line(explain, of: ledger)
        return print(
          format == .table ? try Self.explanation(of: line) : InteractionListing([line]).jsonLines(), terminator: "")
      }
      let filter = InteractionFilter(
        since: since?.date, until: until?.date, agency: agency, decision: decision,
        matched: intent.map(CandidateID.intent) ?? article.map(CandidateID.article), ticket: ticket,
        limit: limit == 0 ? nil : limit)
      let listing = InteractionListing(try await ledger.interactions(filter))
      switch format {
      case .table: print(listing.table(width: Terminal.width ?? 160, colours: Terminal.hasColours))
      case .jsonl: print(listing.jsonLines(), terminator: "")
      case .csv: print(listing.csv(), terminator: "")
      }
    }
  }

  /// - Throws: `Failure` where there is no such line.
  static func line(_ id: Int, of ledger: SQLiteLedger) async throws -> Interaction {
    guard let line = try await ledger.interactions(InteractionFilter(id: id)).first else {
      throw Failure("There is no message \(id) in the log. 'greenroom log' shows the id of each.")
    }
    return line
  }

  private static func explanation(of line: Interaction) throws -> String {
    guard line.direction == .incoming else {
      throw Failure(
        "Message \(line.id) went out and was not decided: name the message that it answers. 'greenroom log' shows which."
      )
    }
    let head = "Message \(line.id), \(line.at.formatted(.iso8601)), \(line.agency), \(line.author)"
    return Terminal.styled(Terminal.harmless(head).replacingOccurrences(of: "\n", with: " "), .bold) + "\n"
      + Terminal.harmless(line.text) + "\n\n"
      + DecisionExplanation(line.parts, width: Terminal.width ?? 100, colours: Terminal.hasColours).full
  }

  private static func line(_ item: SetAsideItem) -> String {
    let reply = item.reply.map { "  reply \($0)" } ?? ""
    let name = Terminal.harmless("\(item.channel)  \(item.id ?? "-")").replacingOccurrences(of: "\n", with: " ")
    let head = "\(item.at.formatted(.iso8601))  \(item.kind.rawValue)  \(name)\(reply)"
    let text = Terminal.harmless(String(item.text.prefix(200))).replacingOccurrences(of: "\n", with: " ")
    let lines = [
      "\(Terminal.styled(head, .bold))", "  \(Terminal.harmless(item.reason))", "  \(Terminal.styled(text, .dim))",
    ]
    return (lines + [advice(item)].compactMap(\.self)).joined(separator: "\n")
  }

  /// What became of a held reply, or what can.
  private static func advice(_ item: SetAsideItem) -> String? {
    guard let reply = item.reply else { return nil }
    guard let outcome = item.outcome else {
      return "  'greenroom log release \(reply)' sends it; 'greenroom log drop \(reply)' does not."
    }
    let person = Terminal.harmless(outcome.by).replacingOccurrences(of: "\n", with: " ")
    let what =
      switch outcome.verdict {
      case .released: "released"
      case .dropped: "dropped"
      case .arrived: "found to have arrived"
      }
    return "  \(what) by \(person), \(outcome.at.formatted(.iso8601))"
  }

  private static func json(_ item: SetAsideItem) -> JSONValue {
    [
      "kind": .string(item.kind.rawValue), "at": .string(item.at.formatted(.iso8601)), "channel": .string(item.channel),
      "id": item.id.map { .string($0) } ?? .null, "reason": .string(item.reason), "text": .string(item.text),
      "reply": item.reply.map { .integer($0) } ?? .null,
      "outcome": item.outcome.map { outcome in
        [
          "verdict": .string(outcome.verdict.rawValue), "by": .string(outcome.by),
          "at": .string(outcome.at.formatted(.iso8601)),
        ]
      } ?? .null,
    ]
  }
}

extension Decision.Kind: ExpressibleByArgument {}
