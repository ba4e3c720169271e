import Foundation
import Support
import TestSupport
import Testing

@testable import Matching

@Suite struct SharesTests {
  private static func sum(_ reasons: Lesson.Reasons) -> Double { reasons.shares.reduce(0) { $0 + $1.share } }

  private static func encoders(_ count: Int) -> [HashingEncoder] {
    (0..<count).map { HashingEncoder(name: "e\($0)", version: "e\($0)") }
  }

  @Test func `every term of the certainty has a meaning`() throws {
    #expect(Lesson.Term.allCases.count == Lesson.certaintyPrior.count)
    let ranked = [RankedTopic(topic: 0, signals: Draw.signals(encoders: 1, value: 0.5))]
    let lesson = Lesson(
      ranking: TopicModel(weights: Lesson.rankingPrior(encoders: 1)),
      certainty: LogisticModel(weights: Lesson.certaintyPrior), trials: [])
    let weighed = Lesson.weigh(ranked, lesson.ranking)
    #expect(try #require(weighed.first).vector.count == Lesson.Term.allCases.count)
    #expect(try #require(lesson.reasons(for: [0], in: ranked)[0]).shares.allSatisfy { $0.signal != .rest })
  }

  @Test(arguments: [0, 1, 2], [1, 2, 6])
  func `shares of what was learnt add up to the log-odds`(encoders: Int, topics: Int) throws {
    let matcher = Matcher(Desk.content(topics), encoders: Self.encoders(encoders))
    let lesson = matcher.calibration.lesson
    for question in Desk.questions {
      let ranked = matcher.ranker.rank(matcher.ranker.analyzeQuestion(question, language: "en"))
      let reasons = lesson.reasons(for: ranked.map(\.topic), in: ranked)
      #expect(reasons.count == ranked.count)
      for (topic, confidence) in lesson.confidences(ranked) {
        let reason = try #require(reasons[topic.topic])
        #expect(reason.probability == confidence)
        #expect(abs(Self.sum(reason) - log(confidence / (1 - confidence))) < 1e-6, "\(question)")
        #expect(Set(reason.shares.map(\.signal)).count == reason.shares.count)
        #expect(reason.shares.first?.signal == .start(topics: ranked.count))
      }
    }
  }

  /// Whatever is learnt and whatever is measured.
  @Test(arguments: 0..<60 as Range<UInt64>)
  func `shares add up and are finite for any weights and signals`(seed: UInt64) throws {
    var draw = Draw(seed: seed)
    let encoders = Int(seed % 3)
    let ranked = draw.topics(1 + Int(seed % 13), encoders: encoders)
    let lesson = draw.lesson(encoders: encoders)
    let weighed = Lesson.weigh(ranked, lesson.ranking)
    let reasons = lesson.reasons(for: ranked.map(\.topic), in: ranked)
    for entry in weighed {
      let reason = try #require(reasons[entry.ranked.topic])
      #expect(reason.shares.allSatisfy { $0.share.isFinite })
      let terms = zip(lesson.certainty.weights, entry.vector).map { abs($0 * $1) }.reduce(1, +)
      #expect(abs(Self.sum(reason) - lesson.certainty.score(entry.vector)) < 1e-9 * terms)
    }
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func `the same again gives the same bits`(seed: UInt64) {
    var draw = Draw(seed: seed)
    let ranked = draw.topics(8, encoders: 2)
    let lesson = draw.lesson(encoders: 2)
    let once = lesson.reasons(for: [0, 1, 2], in: ranked).mapValues(\.shares)
    for _ in 0..<5 { #expect(lesson.reasons(for: [0, 1, 2], in: ranked).mapValues(\.shares) == once) }
  }

  /// The path integral, in steps so small that nothing is left to argue about.
  @Test(arguments: 0..<20 as Range<UInt64>) func `the share among all topics is split as on a fine path`(seed: UInt64)
    throws
  {
    var draw = Draw(seed: seed)
    let ranked = draw.topics(6, encoders: 1)
    var weights = [Double](repeating: 0, count: Lesson.certaintyPrior.count)
    weights[Lesson.Term.share.rawValue] = 1
    let ranking = TopicModel(weights: draw.lesson(encoders: 1).ranking.weights.map { min($0, 8) })
    let lesson = Lesson(ranking: ranking, certainty: LogisticModel(weights: weights), trials: [])
    let weighed = Lesson.weigh(ranked, ranking)
    let vectors = weighed.map { $0.ranked.signals.forRanking }
    let steps = 20_000
    var field = [Double](repeating: 0, count: vectors[0].count)
    for step in 0..<steps {
      let way = (Double(step) + 0.5) / Double(steps)
      let odds = weighed.map { exp(way * ($0.score - weighed[0].score)) }
      let total = odds.reduce(0, +)
      for (place, odd) in odds.enumerated() {
        for index in field.indices { field[index] += odd / total / Double(steps) * vectors[place][index] }
      }
    }
    let gains = field.indices.map { ranking.weights[$0] * (vectors[0][$0] - field[$0]) }
    let reason = try #require(lesson.reasons(for: [weighed[0].ranked.topic], in: ranked)[weighed[0].ranked.topic])
    func share(_ signal: SignalShare.Signal) -> Double { reason.shares.first { $0.signal == signal }?.share ?? 0 }
    let size = gains.reduce(0) { $0 + abs($1) }
    #expect(abs(share(.classifier) - gains[0]) < 0.01 * size + 1e-9)
    #expect(abs(share(.words) - gains[1] - gains[2] - gains[3]) < 0.01 * size + 1e-9)
    #expect(abs(share(.coverage) - gains[4]) < 0.01 * size + 1e-9)
    #expect(abs(share(.meaning(0)) - gains[5...].reduce(0, +)) < 0.01 * size + 1e-9)
    #expect(abs(share(.start(topics: 6)) + log(6)) < 1e-9)
  }

  @Test func `what all topics have alike says nothing for any of them`() throws {
    var ranked = (0..<3).map { RankedTopic(topic: $0, signals: Draw.signals(encoders: 1, value: 0.4)) }
    ranked[0].signals.best = 0.9
    let lesson = Lesson(
      ranking: TopicModel(weights: Lesson.rankingPrior(encoders: 1)),
      certainty: LogisticModel(weights: [0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0, -1]), trials: [])
    let reason = try #require(lesson.reasons(for: [0], in: ranked)[0])
    #expect(reason.shares.map(\.signal) == [.start(topics: 3), .words])
    #expect(reason.shares[1].share > 0)
    let rival = try #require(lesson.reasons(for: [1], in: ranked)[1])
    #expect(rival.shares.first { $0.signal == .words }?.share ?? 0 < 0)
  }

  @Test func `what is like what must never be answered speaks against`() throws {
    var signals = Draw.signals(encoders: 1, value: 0.4)
    (signals.outOfScope, signals.outOfScopeMeaning) = (0.9, 0.9)
    let lesson = Lesson(
      ranking: TopicModel(weights: Lesson.rankingPrior(encoders: 1)),
      certainty: LogisticModel(weights: Lesson.certaintyPrior), trials: [])
    let reason = try #require(lesson.reasons(for: [0], in: [RankedTopic(topic: 0, signals: signals)])[0])
    #expect(reason.shares.first { $0.signal == .outOfScope }?.share ?? 0 < -1)
    // There is no other topic: that is said, and not put down to a signal.
    #expect(reason.shares.contains { $0.signal == .alone && $0.share > 0 })
  }

  @Test func `topics that are not there, and no topics at all, have no reasons`() {
    var draw = Draw(seed: 1)
    let lesson = draw.lesson(encoders: 0)
    #expect(lesson.reasons(for: [1, 2], in: []).isEmpty)
    #expect(lesson.reasons(for: [77, -1], in: draw.topics(3, encoders: 0)).isEmpty)
  }

  @Test func `an encoder that failed on this message leaves its weights without a signal`() throws {
    var draw = Draw(seed: 3)
    let ranked = draw.topics(4, encoders: 0)
    let lesson = draw.lesson(encoders: 2)
    for (topic, confidence) in lesson.confidences(ranked) {
      let reason = try #require(lesson.reasons(for: [topic.topic], in: ranked)[topic.topic])
      #expect(abs(1 / (1 + exp(-Self.sum(reason))) - confidence) < 1e-9)
    }
  }

  @Test func `names tell signals apart and hold nothing but words`() {
    let signals: [SignalShare.Signal] = [
      .start(topics: 12), .start(topics: 1), .classifier, .words, .coverage, .meaning(0), .meaning(1), .known,
      .outOfScope, .alone, .rest,
    ]
    let names = signals.map { $0.name(encoders: ["minilm-l6-v2", "use-multilingual-v3"]) }
    #expect(Set(names).count == signals.count)
    #expect(names.contains("nearness in meaning, by use-multilingual-v3"))
    // An encoder that nobody knows the name of breaks nothing.
    #expect(SignalShare.Signal.meaning(7).name(encoders: []) == "nearness in meaning")
    #expect(SignalShare.Signal.meaning(-1).name(encoders: ["a"]) == "nearness in meaning")
  }
}

/// Lessons and signals from a fixed seed (SplitMix64), odd ones among them.
struct Draw {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 11
  }

  private mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// 0…1, the ends rather often.
  mutating func share() -> Float {
    switch next() % 8 {
    case 0: 0
    case 1: 1
    default: Float(next() >> 40) / 0x1p24
    }
  }

  mutating func lesson(encoders: Int) -> Lesson {
    let size: Float = [0.1, 5, 5, 200][Int(next() % 4)]
    let ranking = (0..<(5 + 4 * encoders)).map { _ in Double(share() * size) }
    let certainty = (0..<Lesson.certaintyPrior.count).map { _ in Double(share() * size) }
    return Lesson(
      ranking: TopicModel(weights: ranking),
      certainty: LogisticModel(weights: certainty.dropLast() + [Double(share()) * 20 - 10]), trials: [])
  }

  mutating func topics(_ count: Int, encoders: Int) -> [RankedTopic] {
    (0..<count).map { number in
      var signals = Self.signals(encoders: encoders, value: share())
      signals.classifier = 3 * share() - 1
      (signals.best, signals.nearest, signals.middle) = (share(), share(), share())
      (signals.coverage, signals.known) = (share(), share())
      (signals.outOfScope, signals.outOfScopeMeaning) = (share(), share())
      for encoder in signals.meanings.indices {
        signals.meanings[encoder] = .init(line: share(), lines: share(), passage: share(), passages: share())
      }
      return RankedTopic(topic: number, signals: signals)
    }
  }

  static func signals(encoders: Int, value: Float) -> Signals {
    var signals = Signals(best: value, nearest: value, middle: value, coverage: value, known: value, outOfScope: 0)
    signals.classifier = value
    signals.meanings = (0..<encoders).map { _ in .init(line: value, lines: value, passage: value, passages: value) }
    return signals
  }
}
