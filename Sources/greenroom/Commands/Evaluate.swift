import ArgumentParser
import Foundation
import Insights
import JSON
import Matching
import Support

struct Evaluate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measure a workspace on questions with known answers.",
    discussion: """
      Questions are JSON Lines: {"text", "expect": an id, a list of ids, {"any": [ids]} or "none", and optionally "language", \
      "region", "kind"}. "answered" counts every question that got an answer, or a ticket or slot question that an intent \
      asked for; what should not have been answered is among "answered_wrong" and is also "out_of_scope_answered".
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var day: DayOption
  @Option(name: .long, help: ArgumentHelp("The questions, JSON Lines; - is standard input.", valueName: "file"))
  var questions: String
  @Option(name: .long, help: ArgumentHelp("Write each question with what was decided to this file.", valueName: "file"))
  var scores: String?
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let labelled = try QuestionFile.read(questions)
      let clock = ContinuousClock()
      let start = clock.now
      let content = try workspace.load(asOf: day.day).content
      let matcher = Matcher(content)
      let loadSeconds = (clock.now - start).inSeconds
      let now = day.moment(in: content.settings.desk.calendar.timeZone)
      let scoreFile = try scores.map(ScoreFile.init(path:))
      var evaluation = Evaluation()
      for (place, question) in labelled.enumerated() {
        let before = clock.now
        let decision = matcher.decide(question.text, language: question.language, region: question.region, at: now)
        let microseconds = (clock.now - before).inSeconds * 1e6
        evaluation.add(question, decision, microseconds: microseconds, catalogue: matcher.catalogue)
        try scoreFile?.write(question, decision)
        if isatty(STDERR_FILENO) == 1, place % 500 == 499 {
          FileHandle.standardError.write(Data("\r\(place + 1) of \(labelled.count)".utf8))
        }
      }
      if isatty(STDERR_FILENO) == 1, labelled.count >= 500 { Terminal.note("") }
      let result = EvaluationOutput(
        evaluation: evaluation, loadSeconds: loadSeconds, peakMegabytes: Self.peakMegabytes())
      print(json ? result.json.serialized(pretty: true) : result.prose)
    }
  }

  /// The most memory that this process has held, in MB (10^6 bytes).
  private static func peakMegabytes() -> Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    // Linux counts in KiB.
    return Double(usage.ru_maxrss) * 1024 / 1e6
  }
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
