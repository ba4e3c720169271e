import ArgumentParser
import Foundation
import JSON
import Ledger
import Support
import Workspace

/// `greenroom log correct`: a person's finding about a decision.
struct LogCorrect: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "correct", abstract: "Say what would have been right; thresholds learn from it.",
    discussion: """
      --right-answer is article:ID or intent:ID; "right" where what was done was right; "none" where nothing of the \
      workspace answers the question. Of several findings on one question the last counts.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions
  @Argument(help: "The message, by the id that 'greenroom log' shows.")
  var id: Int
  @Option(
    name: .long,
    help: ArgumentHelp("What would have been right.", valueName: "article:ID|intent:ID|right|none"))
  var rightAnswer: Verdict
  @Option(name: .long, help: "Which question of the message, from 1, where it asks several things.")
  var part: Int?
  @Option(name: .customLong("as"), help: "Who found it; by default $GREENROOM_PERSON, else the login name.")
  var person: String?

  struct Verdict: ExpressibleByArgument {
    var verdict: Correction.Verdict

    init?(argument: String) {
      switch argument {
      case "right": verdict = .right
      case "none": verdict = .nothingAnswers
      default:
        guard let id = CandidateID(argument) else { return nil }
        verdict = .shouldHaveBeen(id)
      }
    }
  }

  func run() async throws {
    try await reporting {
      let ledger = try data.openLedger(workspace)
      try checkAnswer()
      let correction = try await ledger.correct(
        id, part: part.map { $0 - 1 }, verdict: rightAnswer.verdict, by: DeskOptions.actor(named: person), at: Date())
      let found =
        switch correction.verdict {
        case .right: "was right"
        case .shouldHaveBeen(let id): "should have been \(id)"
        case .nothingAnswers: "has no answer in the workspace"
        }
      print("Message \(id): “\(Terminal.harmless(correction.question))” \(found).")
    }
  }

  /// An answer that the workspace does not hold would teach nothing.
  private func checkAnswer() throws {
    guard case .shouldHaveBeen(let answer) = rightAnswer.verdict else { return }
    let content = try workspace.load().content
    let isThere =
      switch answer {
      case .intent(let id): content.intents.contains { $0.id == id }
      case .article(let id): content.articles.contains { $0.id == id }
      }
    guard isThere else {
      throw Failure("There is no \(answer) in the workspace: name an intent or article by its id, or 'none'.")
    }
  }
}
