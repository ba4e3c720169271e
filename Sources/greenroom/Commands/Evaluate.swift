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
      --plot draws the share of wrong answers against the share answered, over all thresholds; --splits shows how often a \
      bound that is learnt on one half of the questions holds on the other.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var matching: MatchingOptions
  @OptionGroup var day: DayOption
  @Option(name: .long, help: ArgumentHelp("The questions, JSON Lines; - is standard input.", valueName: "file"))
  var questions: String
  @Option(name: .long, help: ArgumentHelp("Write each question with what was decided to this file.", valueName: "file"))
  var scores: String?
  @Option(
    name: .long,
    help: ArgumentHelp("Draw wrong answers against share answered into this file, as SVG.", valueName: "file"))
  var plot: String?
  @Option(
    name: .long,
    help: ArgumentHelp("Split the questions into halves at random so many times (1 to 10000).", valueName: "count"))
  var splits: Int?
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func validate() throws {
    if let splits, !(1...10_000).contains(splits) {
      throw ValidationError("--splits must be a number from 1 to 10000, not \(splits).")
    }
  }

  func run() async throws {
    try await reporting {
      // Before the work, so that it is not done for nothing.
      let plotFile = try plot.map(PlotFile.init(path:))
      let labelled = try QuestionFile.read(questions)
      let clock = ContinuousClock()
      let start = clock.now
      let content = try workspace.load(asOf: day.day).content
      let (matcher, health) = await matching.matcherAndHealth(of: content, in: workspace)
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
      let bound = content.settings.matching.wrongAnswersAtMost
      let result = EvaluationOutput(
        evaluation: evaluation,
        risk: RiskOutput(
          evaluation: evaluation, bound: bound, splits: splits.map { evaluation.splits($0, bound: bound) }),
        matching: health, loadSeconds: loadSeconds,
        peakMegabytes: Self.peakMegabytes())
      try plotFile?.write(result.risk.plot(note: "\(content.settings.name), version \(content.version)"))
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
