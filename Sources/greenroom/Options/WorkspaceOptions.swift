import ArgumentParser
import Foundation
import Matching
import Support
import Workspace

/// Which workspace to work on.
struct WorkspaceOptions: ParsableArguments {
  @Option(
    name: .long, help: ArgumentHelp("The workspace folder: intents/, knowledge/, greenroom.yml.", valueName: "dir"))
  var workspace: String?

  @Option(
    name: .long, help: ArgumentHelp("Settings to use instead of the workspace's greenroom.yml.", valueName: "file"))
  var config: String?

  var folder: URL {
    URL(
      filePath: workspace ?? ProcessInfo.processInfo.environment["GREENROOM_WORKSPACE"] ?? ".",
      directoryHint: .isDirectory)
  }

  var settingsFile: URL? { config.map { URL(filePath: $0) } }

  func read(asOf day: CalendarDay) -> WorkspaceReading {
    WorkspaceReader(folder: folder, settingsFile: settingsFile).read(asOf: day)
  }

  /// The workspace without errors; warnings are for `greenroom check`.
  /// - Throws: `Failure` that lists every error.
  func load(asOf day: CalendarDay = CalendarDay(Date())) throws -> (content: WorkspaceContent, problems: [Problem]) {
    let reading = read(asOf: day)
    guard let content = reading.content else {
      let errors = reading.problems.filter { $0.severity == .error }
      throw Failure(
        errors.map { "\($0.location): error: \($0.message)" }.joined(separator: "\n")
          + "\nThe workspace \(folder.path(percentEncoded: false)) has \(errors.count) error\(errors.count == 1 ? "" : "s")."
      )
    }
    return (content, reading.problems)
  }
}

/// Who asks, and when: for commands that decide.
struct AskerOptions: ParsableArguments {
  @Option(name: .long, help: "The asker's language (BCP 47), as a chat server would give it.")
  var language: String?

  @Option(name: .long, help: "The asker's region, such as US or EU.")
  var region: String?

  @OptionGroup var day: DayOption
}

/// The day that articles' dates are held against.
struct DayOption: ParsableArguments {
  @Option(name: .long, help: ArgumentHelp("The day to decide on, instead of today (2026-11-23).", valueName: "date"))
  var asOf: CalendarDay?

  /// Noon of that day where the desk is; now when no day was given.
  func moment(in timeZone: String) -> Date {
    guard let asOf else { return Date() }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: timeZone) ?? .gmt
    return calendar.date(from: DateComponents(year: asOf.year, month: asOf.month, day: asOf.day, hour: 12)) ?? Date()
  }

  var day: CalendarDay { asOf ?? CalendarDay(Date()) }
}

extension CalendarDay: ExpressibleByArgument {
  init?(argument: String) { self.init(argument) }
}
