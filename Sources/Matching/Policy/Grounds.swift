import Support

/// What a consideration by likeness goes by, kept until it is known that somebody will be told.
struct Grounds: Sendable {
  typealias Foremost = (candidate: Candidate, ranked: RankedTopic)

  var corrections: [AnalyzedText.Correction]
  /// All topics that came into question.
  var ranked: [RankedTopic]
  /// The best candidate, and the one after it.
  var foremost: [Foremost]
  var policy: Evidence
  /// It was found to be like what must never be answered.
  var isOutOfScope: Bool
}

extension Matcher {
  private static let mostLines = 3
  /// Lines that are less like the text than this part of the nearest one did not speak.
  private static let leastPart: Float = 0.5
  private static let mostCorrections = 12

  /// The reasons for what a consideration came to.
  func explanation(of consideration: Consideration) -> [Evidence] {
    guard let grounds = consideration.grounds else { return consideration.explanation }
    let reasons = calibration.lesson.reasons(for: grounds.foremost.map(\.ranked.topic), in: grounds.ranked)
    var evidence = consideration.explanation + spelling(grounds.corrections)
    if grounds.isOutOfScope, let first = grounds.foremost.first { evidence += outOfScope(first.ranked.signals) }
    for (place, entry) in grounds.foremost.enumerated() {
      evidence += place == 0 ? lines(of: entry) : [runnerUp(entry)]
      evidence += signals(of: entry.candidate, reasons[entry.ranked.topic])
    }
    evidence.append(grounds.policy)
    evidence += grounds.foremost.compactMap { entry in
      reasons[entry.ranked.topic].flatMap { sameWords(entry.candidate, probability: $0.probability) }
    }
    return evidence
  }

  private func spelling(_ corrections: [AnalyzedText.Correction]) -> [Evidence] {
    var seen: Set<AnalyzedText.Correction> = []
    let corrections = corrections.filter { seen.insert($0).inserted }
    let told = corrections.prefix(Self.mostCorrections).map { correction in
      Evidence(.spelling, "\(Quotation.of(correction.written)) read as \(Quotation.of(correction.read)).")
    }
    let more = corrections.count - told.count
    return more > 0 ? told + [Evidence(.spelling, "And \(more) more words read as others.")] : told
  }

  /// The lines of a topic that are most like the text.
  private func lines(of entry: Grounds.Foremost) -> [Evidence] {
    let units = entry.ranked.nearest.units
    guard let nearest = units.first else { return [written(on: entry, .line, score: entry.ranked.signals.coverage)] }
    var seen: Set<String> = []
    return units.prefix(Self.mostLines).compactMap { unit, likeness -> Evidence? in
      let text = ranker.writing.text(of: unit)
      guard likeness >= nearest.likeness * Self.leastPart, seen.insert(text).inserted else { return nil }
      return line(unit, .line, entry.candidate, score: min(max(Double(likeness), 0), 1))
    }
  }

  private func outOfScope(_ signals: Signals) -> [Evidence] {
    guard let unit = signals.outOfScopeUnit else { return [] }
    let location = ranker.writing.location(of: unit)
    let likeness = min(max(Double(max(signals.outOfScope, signals.outOfScopeMeaning)), 0), 1)
    return [
      Evidence(
        .line, "like \(Quotation.of(ranker.writing.text(of: unit))), which must never be answered",
        source: "\(location.file):\(location.line)", score: likeness)
    ]
  }

  private func runnerUp(_ entry: Grounds.Foremost) -> Evidence {
    guard let unit = entry.ranked.unit else {
      return written(on: entry, .runnerUp, score: Float(entry.candidate.confidence))
    }
    return line(unit, .runnerUp, entry.candidate, score: entry.candidate.confidence)
  }

  private func line(_ unit: Int, _ kind: Evidence.Kind, _ candidate: Candidate, score: Double) -> Evidence {
    let location = ranker.writing.location(of: unit)
    let isPassage = unit >= ranker.writing.lines.count
    return Evidence(
      kind, "\(isPassage ? "its text says" : "like") \(Quotation.of(ranker.writing.text(of: unit)))",
      candidate: candidate.id, source: "\(location.file):\(location.line)", score: score)
  }

  /// Where no line is like the text.
  private func written(on entry: Grounds.Foremost, _ kind: Evidence.Kind, score: Float) -> Evidence {
    let share = Int((min(max(entry.ranked.signals.coverage, 0), 1) * 100).rounded())
    return Evidence(
      kind, "no line is like it; all that is written there speaks of \(share) % of the question",
      candidate: entry.candidate.id, score: min(max(Double(score), 0), 1))
  }

  private func signals(of candidate: Candidate, _ reasons: Lesson.Reasons?) -> [Evidence] {
    let encoders = ranker.spaces.map(\.encoder.name)
    return (reasons?.shares ?? []).map {
      Evidence(.signal, $0.signal.name(encoders: encoders), candidate: candidate.id, score: $0.share)
    }
  }

  /// Where the confidence is not what the signals come to.
  private func sameWords(_ candidate: Candidate, probability: Double) -> Evidence? {
    guard candidate.confidence != probability else { return nil }
    let words =
      candidate.confidence > probability
      ? "The very words of a line set the confidence at"
      : "The same words stand elsewhere too, so that it is no surer than"
    return Evidence(
      .policy,
      "\(words) \(Self.rounded(candidate.confidence)); its signals alone come to \(Self.rounded(probability)).",
      candidate: candidate.id)
  }
}
