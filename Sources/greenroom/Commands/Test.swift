import ArgumentParser
import Bot
import Foundation
import JSON
import Matching
import Support
import Workspace

struct Test: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the conversation tests in the workspace's dialogues/.",
    discussion: "Exit code 1 when a dialogue does not go as written.")

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var matching: MatchingOptions
  @Option(name: .long, help: "Only dialogues whose name contains this.")
  var filter: String?
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let matcher = await matching.matcher(of: try workspace.load().content, in: workspace)
      let reading = DialogueReader(folder: workspace.folder).read()
      guard reading.problems.allSatisfy({ $0.severity == .warning }) else {
        throw Failure(reading.problems.map { "\($0.location): \($0.message)" }.joined(separator: "\n"))
      }
      let dialogues = reading.dialogues.filter { dialogue in
        filter.map { dialogue.name.localizedCaseInsensitiveContains($0) } ?? true
      }
      let results = dialogues.map { (dialogue: $0, complaints: DialogueRun(matcher, $0).complaints()) }
      let failed = results.filter { !$0.complaints.isEmpty }
      if json {
        print(Self.json(results).serialized(pretty: true))
      } else {
        for result in results {
          let mark = result.complaints.isEmpty ? Terminal.styled("ok  ", .green) : Terminal.styled("FAIL", .red, .bold)
          print("\(mark) \(result.dialogue.name)")
          for complaint in result.complaints { print("     \(Terminal.harmless(complaint))") }
        }
        print("\(results.count - failed.count) passed, \(failed.count) failed")
      }
      if results.isEmpty { Terminal.note("There are no dialogues to run.") }
      if !failed.isEmpty { throw ExitCode(1) }
    }
  }

  private static func json(_ results: [(dialogue: Dialogue, complaints: [String])]) -> JSONValue {
    .array(
      results.map { result in
        [
          "name": .string(result.dialogue.name), "passed": .bool(result.complaints.isEmpty),
          "complaints": .array(result.complaints.map { .string($0) }),
        ]
      })
  }
}
