import Foundation
import Insights
import JSON
import Matching

/// What `greenroom evaluate` says about wrong answers.
struct RiskOutput {
  let evaluation: Evaluation
  let bound: Double
  let splits: SplitTrial?
  private let curve: RiskCurve

  /// Lines of the table; the picture shows more.
  private static let tableRows = 21
  private static let plottedPoints = 1_000

  init(evaluation: Evaluation, bound: Double, splits: SplitTrial?) {
    self.evaluation = evaluation
    self.bound = bound
    self.splits = splits
    curve = evaluation.riskCurve
  }

  var json: JSONValue {
    let total = evaluation.total
    var object: JSONObject = [
      "wrong_answers_at_most": .number(bound),
      "auroc": evaluation.scopeAUROC.map { .number(Self.rounded($0)) } ?? .null,
      "handled_right": .integer(total.handledRight),
      "handled_right_share": .number(Self.rounded(total.handledRightShare)),
      "answered_share": .number(Self.rounded(answeredShare)), "wrong_share": .number(Self.rounded(wrongShare)),
      "most_in_hindsight": curve.most(wrongAtMost: bound).map(Self.json) ?? .null,
      "curve": .array(curve.thinned(to: Self.tableRows).map(Self.json)),
    ]
    if let splits {
      object["splits"] = [
        "count": .integer(splits.splits), "held": .integer(splits.held), "silent": .integer(splits.silent),
        "held_share": .number(Self.rounded(Double(splits.held) / Double(max(1, splits.splits)))),
        "mean_answered": .number(Self.rounded(splits.meanAnswered)),
        "mean_most_in_hindsight": .number(Self.rounded(splits.meanMost)),
        "wrong": .number(Self.rounded(splits.meanWrong)), "worst_wrong": .number(Self.rounded(splits.worstWrong)),
      ]
    }
    return .object(object)
  }

  var prose: [String] {
    let total = evaluation.total
    guard total.questions > 0 else { return [] }
    var lines = ["", "risk, at a bound of \(Self.percent(bound)) wrong answers"]
    lines.append(
      "as decided       \(Self.percent(answeredShare)) answered, \(Self.percent(wrongShare)) of these wrong")
    if let most = curve.most(wrongAtMost: bound) {
      lines.append(
        "in hindsight     \(Self.percent(most.answered)) could be answered, from confidence \(Self.hundredths(most.threshold)) on"
      )
    } else {
      lines.append("in hindsight     no threshold keeps the bound")
    }
    lines.append(
      "handled right    \(Self.percent(total.handledRightShare)): right answers, and out of scope not answered")
    if let auroc = evaluation.scopeAUROC {
      lines.append("in or out        AUROC \(String(format: "%.3f", auroc)), by the best candidate's confidence")
    }
    if let splits { lines += Self.prose(splits) }
    guard !curve.points.isEmpty else { return lines }
    lines += ["", "threshold   answered    wrong"]
    lines += curve.thinned(to: Self.tableRows).map { point in
      Self.right(Self.hundredths(point.threshold), 9) + Self.right(Self.percent(point.answered), 11)
        + Self.right(Self.percent(point.wrong), 9)
    }
    return lines
  }

  /// The picture, of questions as they were evaluated.
  func plot(note: String) -> RiskPlot {
    var marks = [
      RiskPlot.Mark(.init(answered: answeredShare, wrong: wrongShare), .chosen, name: "as decided")
    ]
    if let most = curve.most(wrongAtMost: bound) {
      marks.append(.init(.init(answered: most.answered, wrong: most.wrong), .hindsight, name: "most, in hindsight"))
    }
    return RiskPlot(
      curve: curve.thinned(to: Self.plottedPoints).map { .init(answered: $0.answered, wrong: $0.wrong) }, marks: marks,
      bound: bound, questions: evaluation.total.questions, outOfScope: evaluation.total.outOfScope, note: note)
  }

  private var answeredShare: Double {
    Double(evaluation.total.answered) / Double(max(1, evaluation.total.questions))
  }

  private var wrongShare: Double {
    Double(evaluation.total.answeredWrong) / Double(max(1, evaluation.total.answered))
  }

  private static func prose(_ splits: SplitTrial) -> [String] {
    [
      "random halves    the bound held in \(splits.held) of \(splits.splits)"
        + (splits.silent > 0 ? ", in \(splits.silent) of which nothing was answered" : ""),
      "                 \(percent(splits.meanAnswered)) answered (\(percent(splits.meanMost)) in hindsight), \(percent(splits.meanWrong)) of these wrong, \(percent(splits.worstWrong)) at worst",
    ]
  }

  private static func json(_ point: RiskCurve.Point) -> JSONValue {
    [
      "threshold": .number(rounded(point.threshold)), "answered": .number(rounded(point.answered)),
      "wrong": .number(rounded(point.wrong)),
    ]
  }

  private static func rounded(_ number: Double) -> Double { (number * 10_000).rounded() / 10_000 }
  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
  private static func hundredths(_ number: Double) -> String { String(format: "%.3f", number) }
  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
