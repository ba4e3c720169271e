import Console
import Foundation
import JSON
import Matching
import Support

/// What `greenroom evaluate` prints.
struct EvaluationOutput {
  let evaluation: Evaluation
  let risk: RiskOutput
  let matching: MatchingHealth
  let loadSeconds: Double
  let peakMegabytes: Double

  var json: JSONValue {
    var object = Self.object(evaluation.total)
    object["by_kind"] = .object(
      evaluation.byKind.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { all, kind in
        all[kind.key] = .object(Self.object(kind.value))
      })
    object["latency_us"] = [
      "p50": .number(Self.rounded(evaluation.latency(percentile: 50))),
      "p99": .number(Self.rounded(evaluation.latency(percentile: 99))),
    ]
    object["load_seconds"] = .number(Self.rounded(loadSeconds, 1000))
    object["peak_rss_mb"] = .number(Self.rounded(peakMegabytes))
    if !evaluation.byLanguage.isEmpty {
      object["by_language"] = .object(
        evaluation.byLanguage.sorted { $0.key < $1.key }.reduce(into: JSONObject()) { all, language in
          all[language.key] = .object(Self.object(language.value))
        })
    }
    // What it was measured with: figures without models are other figures.
    object["matching"] = matching.json
    object["risk"] = risk.json
    return .object(object)
  }

  var prose: String {
    let total = evaluation.total
    var lines = [
      "\(total.questions) questions, \(total.inScope) in scope, \(total.outOfScope) out of scope",
      "right first      \(Self.percent(total.firstAccuracy))",
      "right among 3    \(Self.percent(total.amongThreeAccuracy))",
      "answered         \(total.answered): \(total.answeredRight) right, \(total.answeredWrong) wrong",
      "asked back       \(total.askedBack)",
      "settled          \(total.settled) (\(Self.percent(total.settledShare))) by the answer or by one question back",
      "out of scope     \(total.outOfScopeAnswered) of \(total.outOfScope) answered",
      "decision         p50 \(Int(evaluation.latency(percentile: 50))) µs, p99 \(Int(evaluation.latency(percentile: 99))) µs",
      "matched          \(matching.mode.rawValue)\(encoderNames)",
      "loaded in        \(String(format: "%.2f", loadSeconds)) s, \(Int(peakMegabytes)) MB at most",
    ]
    lines += Self.table("kind", evaluation.byKind.count > 1 ? evaluation.byKind : [:])
    lines += Self.table("language", evaluation.byLanguage)
    lines += risk.prose
    return lines.joined(separator: "\n")
  }

  private var encoderNames: String {
    let names = matching.encoders.filter { $0.state == .loaded }.map(\.name)
    return names.isEmpty ? "" : ": " + names.joined(separator: ", ")
  }

  private static func table(_ name: String, _ groups: [String: Evaluation.Counts]) -> [String] {
    guard !groups.isEmpty else { return [] }
    let head = padded(name, 19) + "questions   first   among 3   answered   wrong   asked back"
    return ["", head]
      + groups.sorted { $0.key < $1.key }.map { group, counts in
        padded(Terminal.harmless(group), 18) + right(counts.questions, 10) + right(percent(counts.firstAccuracy), 8)
          + right(percent(counts.amongThreeAccuracy), 10) + right(counts.answered, 11)
          + right(counts.answeredWrong, 8) + right(counts.askedBack, 13)
      }
  }

  private static func object(_ counts: Evaluation.Counts) -> JSONObject {
    [
      "questions": .integer(counts.questions), "in_scope": .integer(counts.inScope),
      "top1_accuracy": .number(rounded(counts.firstAccuracy, 10_000)),
      "top3_accuracy": .number(rounded(counts.amongThreeAccuracy, 10_000)),
      "answered": .integer(counts.answered), "answered_right": .integer(counts.answeredRight),
      "answered_wrong": .integer(counts.answeredWrong), "asked_back": .integer(counts.askedBack),
      "settled": .integer(counts.settled),
      "out_of_scope": .integer(counts.outOfScope), "out_of_scope_answered": .integer(counts.outOfScopeAnswered),
    ]
  }

  private static func rounded(_ number: Double, _ scale: Double = 10) -> Double { (number * scale).rounded() / scale }
  private static func percent(_ share: Double) -> String { String(format: "%.1f %%", share * 100) }
  private static func padded(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }
  private static func right(_ value: some CustomStringConvertible, _ width: Int) -> String {
    let text = value.description
    return String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
