import ArgumentParser
import Foundation
import Insights
import Ledger
import Support

struct Report: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Reports from the log.", subcommands: [Weekly.self])

  struct Weekly: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write the weekly update.",
      discussion: """
        Volume, what was answered, asked back and escalated, first-response times, topics and their change against the week \
        before, questions that nothing answered, open tickets, articles used and never used. The same week gives the same \
        bytes, whenever it is written.
        """)

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var data: DataOptions
    @Option(name: .long, help: ArgumentHelp("The ISO week, by default the running one.", valueName: "2026-W47"))
    var week: ISOWeek?
    @Option(name: .long, help: "markdown, html, csv or json; by default as --output ends, else markdown.")
    var format: ReportFormat?
    @Flag(name: .long, help: "The same as --format json.")
    var json = false
    @Option(name: .shortAndLong, help: ArgumentHelp("Write to this file instead of printing.", valueName: "file"))
    var output: String?

    func run() async throws {
      try await reporting {
        let content = try workspace.load().content
        let ledger = try data.openLedger(workspace)
        let zone = content.settings.reports.timeZone
        guard let timeZone = TimeZone(identifier: zone) else {
          throw Failure("greenroom.yml: there is no time zone '\(zone)': write one such as Europe/Berlin.")
        }
        let week = week ?? ISOWeek(Date(), in: timeZone)
        let end = week.end(in: timeZone)
        let interactions = try await ledger.interactions(
          InteractionFilter(since: week.previous.start(in: timeZone), until: end))
        let tickets = try await ledger.tickets(TicketFilter(openedUntil: end))
        let update = WeeklyUpdate.make(
          week: week, workspaceName: content.settings.name, timeZone: timeZone, interactions: interactions,
          tickets: tickets, intents: content.intents, articles: content.articles, isOver: end <= Date())
        let text = update.rendered(as: chosenFormat)
        guard let output else { return print(text, terminator: text.hasSuffix("\n") ? "" : "\n") }
        do {
          try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
        } catch {
          throw Failure("The update cannot be written to \(output): \(error.localizedDescription)")
        }
        Terminal.note("Wrote the update of \(week) to \(output).")
      }
    }

    private var chosenFormat: ReportFormat {
      if json { return .json }
      if let format { return format }
      switch output.map({ URL(filePath: $0).pathExtension.lowercased() }) {
      case "html", "htm": return .html
      case "csv": return .csv
      case "json": return .json
      default: return .markdown
      }
    }
  }
}

extension ISOWeek: ExpressibleByArgument {
  init?(argument: String) { try? self.init(argument) }
}

extension ReportFormat: ExpressibleByArgument {}
