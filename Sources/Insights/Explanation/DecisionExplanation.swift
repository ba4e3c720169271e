package import Support

/// Why something was decided, as text for a terminal: for each part of a message the decision, how the message was read,
/// what set the threshold, and each candidate with all that spoke for and against it.
///
/// Chat text cannot reach the terminal: it is shown on one line, without control, direction and unseen characters.
package struct DecisionExplanation: Sendable {
  let parts: [Decision.Part]
  let page: ExplanationPage

  /// More candidates than this say nothing, unless there is evidence on them.
  private static let mostCandidates = 5

  /// - Parameters:
  ///   - parts: of the decision, in order.
  ///   - width: of the terminal, in cells; lines are wrapped at it.
  ///   - colours: whether to use ANSI colours.
  package init(_ parts: [Decision.Part], width: Int, colours: Bool) {
    self.parts = parts
    page = ExplanationPage(width: width, colours: colours)
  }

  /// One or two lines a part: the decision and its first reason. Ends with a line feed unless it is empty.
  package var short: String {
    Self.text(
      parts.flatMap { part -> [String] in
        let reason = part.explanation.first { [.rule, .line, .state, .followUp].contains($0.kind) }
        let policy = part.explanation.first { $0.kind == .policy }
        return [heading(part)]
          + [reason, policy].compactMap(\.self).flatMap { page.wrapped($0.text, source: $0.source, indent: 2) }
      })
  }

  /// Everything that is known. Ends with a line feed unless it is empty.
  package var full: String {
    Self.text(
      parts.enumerated().flatMap { place, part in
        (place > 0 ? [""] : []) + question(part, place) + [heading(part)] + reading(part) + candidates(part)
      })
  }

  private static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

  /// Which of several questions it is.
  private func question(_ part: Decision.Part, _ place: Int) -> [String] {
    guard parts.count > 1 else { return [] }
    return page.wrapped("Question \(place + 1) of \(parts.count): “\(part.text)”", indent: 0)
  }

  private func heading(_ part: Decision.Part) -> String {
    var words = [page.bold(part.kind.rawValue)]
    if let matched = part.matched {
      words.append(page.bold(ShownText.line(matched.description, limit: 200)))
      if let title = part.candidates.first(where: { $0.id == matched })?.title {
        words.append(ShownText.line(title, limit: 200))
      }
    }
    if !part.candidates.isEmpty { words.append(page.dim("confidence \(Figure.decimal(part.confidence, places: 2))")) }
    return words.joined(separator: "  ")
  }

  /// What is about the part as a whole: how it was read, the state, the policy and its threshold.
  private func reading(_ part: Decision.Part) -> [String] {
    let shown = Set(self.shown(part).map(\.id))
    let reasons = part.explanation.filter { evidence in
      evidence.candidate.map { !shown.contains($0) || evidence.kind.isAboutTheWhole } ?? true
    }
    // As a reader follows it: how the text was taken, what was found, what was made of it. Of one rank, as it was given.
    let order = reasons.indices.sorted { (reasons[$0].kind.rank, $0) < (reasons[$1].kind.rank, $1) }
    return order.map { reasons[$0] }.flatMap { evidence -> [String] in
      var text = evidence.text
      if let candidate = evidence.candidate { text = "\(candidate): \(text)" }
      if evidence.kind == .signal {
        text += " \(ExplanationPage.signed(evidence.score ?? 0))"
      } else if let score = evidence.score {
        // Often the sentence holds it already.
        let number = Figure.decimal(score, places: 2)
        if !text.contains(number) { text += evidence.kind == .policy ? " (threshold \(number))" : " (\(number))" }
      }
      return page.wrapped(text, source: evidence.source, label: evidence.kind.label, indent: 2)
    }
  }

  private func shown(_ part: Decision.Part) -> [Candidate] {
    part.candidates.enumerated().filter { place, candidate in
      place < Self.mostCandidates || part.explanation.contains { $0.candidate == candidate.id }
    }
    .map(\.element)
  }

  private func candidates(_ part: Decision.Part) -> [String] {
    let shown = shown(part)
    var lines: [String] = []
    for (place, candidate) in shown.enumerated() {
      let rank = page.bold("\(place + 1).  \(Figure.decimal(candidate.confidence, places: 2))")
      let id = ShownText.line(candidate.id.description, limit: 200)
      lines += ["", "  \(rank)  \(id)  \(ShownText.line(candidate.title, limit: 200))"]
      let evidence = part.explanation.filter { $0.candidate == candidate.id && !$0.kind.isAboutTheWhole }
      for line in evidence where line.kind != .signal {
        let score = line.kind == .line ? line.score.map { " (\(Figure.decimal($0, places: 2)))" } ?? "" : ""
        lines += page.wrapped(line.text + score, source: line.source, label: line.kind.label, indent: 6)
      }
      lines += page.signals(evidence.filter { $0.kind == .signal }, indent: 6)
    }
    let left = part.candidates.count - shown.count
    if left > 0 { lines += ["", page.dim("  and \(Figure.count(left, "less likely candidate"))")] }
    return lines
  }
}

extension Evidence.Kind {
  /// Whether it is about the part as a whole even where it names a candidate.
  fileprivate var isAboutTheWhole: Bool {
    switch self {
    case .policy, .state, .followUp, .spelling, .language, .workspace: true
    case .rule, .line, .signal, .runnerUp, .other: false
    }
  }

  /// Its place among what is said of a part as a whole.
  fileprivate var rank: Int {
    switch self {
    case .language: 0
    case .spelling: 1
    case .followUp: 2
    case .state: 3
    case .rule, .line, .signal, .runnerUp, .other: 4
    case .policy: 5
    case .workspace: 6
    }
  }

  /// What it is called before its text.
  fileprivate var label: String {
    switch self {
    case .policy: "policy"
    case .state: "state"
    case .followUp: "follow-up"
    case .spelling: "spelling"
    case .language: "language"
    case .workspace: "workspace"
    case .rule: "rule"
    case .line: "line"
    case .signal: "signal"
    case .runnerUp: "runner-up"
    case .other: "note"
    }
  }
}
