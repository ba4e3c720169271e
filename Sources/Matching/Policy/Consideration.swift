import Support
import Text

/// What the workspace has to say to one piece of text, before the conversation and the ticket rules come in.
struct Consideration: Sendable {
  enum Verdict: Sendable, Hashable {
    /// Sure enough to act.
    case matched(CandidateID)
    /// One of these, but which?
    case unclear([CandidateID])
    /// Like what must never be answered.
    case outOfScope
    case nothing
  }

  var text: String
  var words: [String]
  var verdict: Verdict
  /// Best first.
  var candidates: [Candidate]
  /// By a rule, not by likeness.
  var isCertain: Bool
  /// What goes before all other reasons.
  var explanation: [Evidence]
  /// What likeness is explained by, once somebody asks: most of what is considered is never told.
  var grounds: Grounds?

  var confidence: Double { candidates.first?.confidence ?? 0 }

  var matched: CandidateID? {
    if case .matched(let id) = verdict { return id }
    return nil
  }
}

extension Matcher {
  private static let mostChoices = 3

  func consider(_ text: String, asker: Asker) -> Consideration {
    consider(ReadText(text), asker: asker)
  }

  func consider(_ text: ReadText, asker: Asker) -> Consideration {
    // Rules need less of a text than ranking does, and decide before it.
    certainly(text, asker) ?? likely(text, asker)
  }

  /// Only what rules say; nil when none matches.
  func considerRules(_ text: ReadText, asker: Asker) -> Consideration? { certainly(text, asker) }

  private func certainly(_ text: ReadText, _ asker: Asker) -> Consideration? {
    let matches = rules.matches(normalized: text.normalized, words: text.words)
      .filter { catalogue.availability(of: .intent($0.intent), to: asker) != .never }
    guard let first = matches.first else { return nil }
    var explanation = [
      Evidence(
        .rule, "Certain by \(first.reason), priority \(first.priority).", candidate: .intent(first.intent),
        source: "\(first.location.file):\(first.location.line)", score: 1)
    ]
    if let second = matches.dropFirst().first {
      explanation.append(
        Evidence(
          .runnerUp, "Also certain by \(second.reason), priority \(second.priority).",
          candidate: .intent(second.intent),
          source: "\(second.location.file):\(second.location.line)", score: 1))
    }
    return Consideration(
      text: text.text, words: text.words, verdict: .matched(.intent(first.intent)),
      candidates: matches.map {
        Candidate(id: .intent($0.intent), title: catalogue.title(of: .intent($0.intent)), confidence: 1)
      },
      isCertain: true, explanation: explanation)
  }

  private func likely(_ text: ReadText, _ asker: Asker) -> Consideration {
    let analyzed = ranker.analyzeQuestion(text, language: asker.language)
    let ranked = ranker.rank(analyzed) { catalogue.availability(of: $0, to: asker) != .never }
    let scored = calibration.confidences(ranked)
      .compactMap { topic, confidence -> (candidate: Candidate, ranked: RankedTopic)? in
        guard let id = representative(of: topic, asker: asker) else { return nil }
        return (Candidate(id: id, title: catalogue.title(of: id), confidence: confidence), topic)
      }
    let candidates = scored.map(\.candidate)
    let (verdict, reason) = verdict(candidates, best: scored.first?.ranked)
    let policy = Evidence(.policy, reason, score: min(calibration.threshold(for: scored.first?.ranked.topic).value, 1))
    return Consideration(
      text: text.text, words: text.words, verdict: verdict, candidates: candidates, isCertain: false, explanation: [],
      grounds: Grounds(
        corrections: analyzed.corrections, ranked: ranked, foremost: Array(scored.prefix(2)), policy: policy,
        isOutOfScope: verdict == .outOfScope))
  }

  private func verdict(_ candidates: [Candidate], best: RankedTopic?) -> (Consideration.Verdict, String) {
    guard let first = candidates.first, let best else { return (.nothing, "Nothing in the workspace is like it.") }
    let rule = calibration.threshold(for: best.topic)
    let threshold = "The threshold is \(Self.rounded(rule.value)): \(rule.basis)."
    if best.signals.outOfScope >= Calibration.sameWords {
      return (.outOfScope, "These are the very words of what must never be answered.")
    }
    if best.signals.isLikeOutOfScope, !rule.admits(first.confidence) {
      return (.outOfScope, "It is more like what must never be answered than like anything else.")
    }
    if first.confidence >= Calibration.sameWordsConfidence, best.signals.best >= Calibration.sameWords {
      return (.matched(first.id), "These are the very words of a line, and of no other topic's.")
    }
    if rule.admits(first.confidence) {
      return (.matched(first.id), "\(Self.rounded(first.confidence)) is enough to answer. \(threshold)")
    }
    let choices = candidates.prefix(Self.mostChoices).filter {
      $0.confidence >= max(calibration.askAt / 2, first.confidence * 0.3)
    }
    if first.confidence >= calibration.askAt, !choices.isEmpty {
      return (
        .unclear(choices.map(\.id)),
        "\(Self.rounded(first.confidence)) is not enough to answer, but to ask. \(threshold)"
      )
    }
    return (.nothing, "\(Self.rounded(first.confidence)) is not enough even to ask. \(threshold)")
  }

  /// The member of a topic to act on: the intent or article whose line was most like the text, in the asker's language.
  private func representative(of ranked: RankedTopic, asker: Asker) -> CandidateID? {
    let admitted = catalogue.topics[ranked.topic].members.filter { catalogue.availability(of: $0, to: asker) != .never }
    let id = ranked.unit.flatMap { ranker.writing.candidate(of: $0) } ?? admitted.first
    guard case .article(let article) = id, let version = catalogue.version(of: article, in: asker.language) else {
      return id
    }
    return admitted.contains(.article(version.id)) ? .article(version.id) : id
  }

  static func rounded(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
