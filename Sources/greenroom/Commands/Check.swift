import ArgumentParser
import Console
import Foundation
import JSON
import Matching
import Support
import Workspace

struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List everything that is wrong or doubtful in a workspace.",
    discussion: "Exit code 1 when there are errors; with --strict also when there are only warnings.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var matching: MatchingOptions
  @OptionGroup var day: DayOption
  @Flag(name: .long, help: "Warnings count as errors.")
  var strict = false
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let reading = workspace.read(asOf: day.day)
      var problems = reading.problems + DialogueReader(folder: workspace.folder).read(against: reading.content).problems
      var health: MatchingHealth?
      if let content = reading.content {
        let made = await matching.matcherAndHealth(of: content, in: workspace)
        problems += WorkspaceReview(made.matcher, asOf: day.day).warnings()
        health = made.health
      }
      problems.sort { ($0.location, $0.message) < ($1.location, $1.message) }
      let errors = problems.filter { $0.severity == .error }.count
      let warnings = problems.count - errors
      print(
        json
          ? Self.json(problems, reading.content, health).serialized(pretty: true)
          : Self.prose(problems, reading.content, health))
      if errors > 0 || (strict && warnings > 0) { throw ExitCode(1) }
    }
  }

  private static func prose(_ problems: [Problem], _ content: WorkspaceContent?, _ health: MatchingHealth?) -> String {
    var lines = problems.map { problem in
      let severity =
        problem.severity == .error ? Terminal.styled("error", .red, .bold) : Terminal.styled("warning", .yellow)
      return
        "\(Terminal.styled(problem.location.description, .bold)): \(severity): \(Terminal.harmless(problem.message))"
    }
    let errors = problems.filter { $0.severity == .error }.count
    var summary = "\(counted(errors, "error")), \(counted(problems.count - errors, "warning"))"
    if let content {
      summary +=
        " in \(counted(content.intents.count, "intent")) and \(counted(content.articles.count, "article")), phrases in \(counted(content.phrases.count, "language")), version \(content.version)"
    }
    lines.append(summary + ".")
    // Not a warning: what is installed here says nothing about the workspace, and may differ where it will run.
    if let shortcoming = health?.shortcoming { lines.append(Terminal.styled("note", .blue) + ": \(shortcoming)") }
    return lines.joined(separator: "\n")
  }

  private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  private static func json(_ problems: [Problem], _ content: WorkspaceContent?, _ health: MatchingHealth?) -> JSONValue
  {
    [
      "version": content.map { .string($0.version) } ?? .null,
      "errors": .integer(problems.filter { $0.severity == .error }.count),
      "warnings": .integer(problems.filter { $0.severity == .warning }.count),
      "phrases": .array((content?.phrases ?? []).map { .string($0.language) }),
      "problems": .array(
        problems.map { problem in
          [
            "severity": .string(problem.severity.rawValue), "file": .string(problem.location.file),
            "line": .integer(problem.location.line), "column": .integer(problem.location.column),
            "message": .string(problem.message),
          ]
        }),
      "matching": health?.json ?? .null,
    ]
  }
}
