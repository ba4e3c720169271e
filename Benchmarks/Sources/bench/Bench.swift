import ArgumentParser
import Foundation
import JSON

@main
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench", abstract: "Measures the program: deciding, answering end to end, starting, memory.",
    discussion: "Run it through Benchmarks/run, which builds both for release.")

  @Option(help: "The release build of greenroom.")
  var program: String
  @Option(help: "The workspace to decide with.")
  var workspace: String
  @Option(help: "Questions to decide on, JSON Lines with \"text\".")
  var questions: String
  @Option(help: "The data folder with the sentence encoders of 'greenroom model install'; without it, none is used.")
  var data: String?
  @Option(help: "Messages of the end-to-end run.")
  var messages = 5_000
  @Option(help: "Conversations that they come from.")
  var conversations = 20
  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    let texts = try Questions.read(questions)
    var table = ResultTable()
    note("Deciding …")
    let models = data.map { URL(filePath: $0, directoryHint: .isDirectory) }
    try DecisionBenchmark(workspace: URL(filePath: workspace), models: models, texts: texts).run(into: &table)
    note("Answering \(messages) messages end to end …")
    let endToEnd = EndToEndBenchmark(
      program: URL(filePath: program), workspace: URL(filePath: workspace), models: models, texts: texts,
      messages: messages, conversations: conversations)
    try await endToEnd.run(into: &table)
    print(json ? table.json.serialized(pretty: true) : table.markdown)
  }

  private func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}

struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

enum Questions {
  /// The texts of the questions, in order.
  static func read(_ path: String) throws -> [String] {
    let lines = try String(contentsOf: URL(filePath: path), encoding: .utf8).split(separator: "\n")
    let texts = try lines.map { try JSONValue.parse(String($0)) }
      // Thanks and the like are met with silence, and here every message is waited for.
      .filter { $0["kind"]?.string != "smalltalk" }.compactMap { $0["text"]?.string }
    guard !texts.isEmpty else { throw BenchmarkError("There are no questions in \(path).") }
    return texts
  }
}
