import Retrieval
import Support

extension Ranker {
  /// What words and characters say of every topic, by number.
  struct WordEvidence {
    /// The lines that are likest.
    var best: [BestUnits]
    /// How much of the text each topic speaks of.
    var coverage: [Float]
    /// How much of it the workspace knows at all.
    var known: Float
    var outOfScope: BestUnits
  }

  /// What has been found on a topic that is looked at closer.
  struct Found {
    var signals: Signals
    var nearest = BestUnits()
    /// Something that may be sent speaks for it.
    var isAdmitted = false
  }

  private static let mostContenders = 24
  private static let mostByWords = 12
  /// Beyond so many units, only the foremost contenders are compared unit by unit.
  private static let mostUnits = 1_500
  private static let mostCompared = 16

  /// Likeness in words and characters with every line, and what each topic speaks of.
  func wordsAndCharacters(_ text: AnalyzedText, _ heldOut: HeldOut?, _ admission: inout Admission) -> WordEvidence {
    let likenesses = index.likenesses(of: text)
    var best = [BestUnits](repeating: BestUnits(), count: writing.unitsOf.count)
    var outOfScope = BestUnits()
    for (number, likeness) in likenesses.enumerated() where likeness > 0.01 && number != heldOut?.unit {
      let topic = writing.topic(of: number)
      guard topic >= 0 else {
        outOfScope.add(likeness, unit: number)
        continue
      }
      guard admission.admits(number, of: writing) else { continue }
      best[topic].add(likeness, unit: number)
    }
    return WordEvidence(
      best: best, coverage: coverageOf(text, ownTopic: heldOut.map { writing.topic(of: $0.unit) }),
      known: index.knownShare(of: text, heldOut: heldOut != nil), outOfScope: outOfScope)
  }

  /// What words and characters have found on one topic.
  func found(on topic: Int, by words: WordEvidence, _ admission: inout Admission) -> Found {
    let isSpokenOf =
      words.coverage[topic] > 0 && writing.unitsOf[topic].contains { admission.admits($0, of: writing) }
    let best = words.best[topic]
    return Found(
      signals: Signals(
        best: best.first, nearest: best.mean, middle: index.likenessWithMiddle(of: topic, sum: best.sum),
        coverage: words.coverage[topic], known: words.known, outOfScope: words.outOfScope.first,
        outOfScopeUnit: words.outOfScope.unit),
      nearest: best, isAdmitted: best.count > 0 || isSpokenOf)
  }

  /// The topics worth a closer look, by number: near in meaning, or alike in words.
  /// - Parameter near: how near each topic is in meaning; nothing where nobody can say.
  func contenders(_ words: WordEvidence, near: [Float], without heldOut: HeldOut?) -> [Int] {
    let hidden = heldOut.flatMap { $0.withTopic ? writing.topic(of: $0.unit) : nil }
    var byWords = BestRows(near.isEmpty ? Self.mostContenders : Self.mostByWords)
    for topic in words.best.indices where topic != hidden {
      let best = words.best[topic]
      let plain = Signals.plain(
        best: best.first, nearest: best.mean, middle: index.likenessWithMiddle(of: topic, sum: best.sum),
        coverage: words.coverage[topic])
      if plain > 0, plain >= byWords.bar { byWords.consider(topic, plain) }
    }
    var byMeaning = BestRows(Self.mostContenders)
    for (topic, value) in near.enumerated() where value > 0 && value >= byMeaning.bar && topic != hidden {
      byMeaning.consider(topic, value)
    }
    return Set(byWords.sorted().map(\.row)).union(byMeaning.sorted().map(\.row)).sorted()
  }

  /// How near each topic is in meaning, by its nearest landmark, or by its nearest unit where there are no landmarks; empty
  /// without encoders.
  /// - Parameter landmarks: how near each of the classifier's landmarks is.
  func nearTopics(_ landmarks: [Float], vectors: [[Float]], speaking: [Int], _ heldOut: HeldOut?) -> [Float] {
    guard !spaces.isEmpty, vectors.count == spaces.count else { return [] }
    var near = [Float](repeating: 0, count: writing.unitsOf.count)
    func add(_ value: Float, to topic: Int) {
      if topic >= 0, value > near[topic] { near[topic] = value }
    }
    if classifier.landmarks != nil {
      for (place, value) in landmarks.enumerated() { add(value, to: classifier.landmarkTopics[place]) }
    } else {
      var sums = [Float](repeating: 0, count: writing.unitCount)
      for number in speaking {
        for (unit, likeness) in spaces[number].likenesses(of: vectors[number]).enumerated() { sums[unit] += likeness }
      }
      for (unit, sum) in sums.enumerated() where unit != heldOut?.unit { add(sum, to: writing.topic(of: unit)) }
    }
    return near
  }

  /// Cosines with the units of the topics, by every encoder.
  /// - Parameter found: of each of `topics`, in their order.
  func addMeanings(
    _ found: inout [Found], topics: [Int], vectors: [[Float]], speaking: [Int], heldOut: HeldOut?,
    _ admission: inout Admission
  ) {
    guard !spaces.isEmpty, vectors.count == spaces.count else { return }
    // Places in `topics`.
    var compared = Array(topics.indices)
    if topics.reduce(0, { $0 + writing.unitsOf[$1].count }) > Self.mostUnits {
      let order = topics.indices.sorted { (found[$1].signals.rough, $0) < (found[$0].signals.rough, $1) }
      compared = Array(order.prefix(Self.mostCompared))
    }
    // The units of each compared topic, one topic after another.
    var units: [Int] = []
    var spans: [Range<Int>] = []
    for place in compared {
      let start = units.count
      for unit in writing.unitsOf[topics[place]] where unit != heldOut?.unit && admission.admits(unit, of: writing) {
        units.append(unit)
      }
      spans.append(start..<units.count)
      if start < units.count { found[place].isAdmitted = true }
    }
    let outside = outOfScopeUnits.filter { $0 != heldOut?.unit }
    let silent = [Signals.Meaning](repeating: Signals.Meaning(), count: spaces.count)
    for place in found.indices { found[place].signals.meanings = silent }
    var outOfScopeMeaning: Float = 0
    var outsideJoint = [Float](repeating: 0, count: outside.count)
    var joint = [Float](repeating: 0, count: units.count)
    for slot in spaces.indices {
      // In the place of an encoder that does not know the language another one speaks.
      let number = speaking.contains(slot) ? slot : speaking[0]
      let likenesses = spaces[number].likenesses(of: vectors[number], with: units)
      for (place, span) in zip(compared, spans) {
        var (lines, passages) = (BestUnits(), BestUnits())
        for number in span {
          joint[number] += likenesses[number]
          if units[number] < writing.lines.count {
            lines.add(max(likenesses[number], 0), unit: units[number])
          } else {
            passages.add(max(likenesses[number], 0), unit: units[number])
          }
        }
        // Where there is no passage, the lines have to speak for both.
        found[place].signals.meanings[slot] = Signals.Meaning(
          line: lines.first, lines: lines.mean, passage: passages.count > 0 ? passages.first : lines.mean,
          passages: passages.count > 0 ? passages.mean : lines.mean)
      }
      let outsideLikenesses = spaces[number].likenesses(of: vectors[number], with: outside)
      outOfScopeMeaning += (outsideLikenesses.max() ?? 0) / Float(spaces.count)
      for (place, likeness) in outsideLikenesses.enumerated() { outsideJoint[place] += likeness }
    }
    let outsideNearest = outsideJoint.indices.max { outsideJoint[$0] < outsideJoint[$1] }.map { outside[$0] }
    for place in found.indices {
      found[place].signals.outOfScopeMeaning = outOfScopeMeaning
      found[place].signals.outOfScopeUnit = outsideNearest ?? found[place].signals.outOfScopeUnit
    }
    // The units that all encoders together find nearest are the ones to show.
    for (place, span) in zip(compared, spans) {
      var nearest = BestUnits()
      for number in span { nearest.add(joint[number], unit: units[number]) }
      if nearest.unit != nil { found[place].nearest = nearest.scaled(by: 1 / Float(spaces.count)) }
    }
  }
}

/// Whether candidates may be considered; asked once a candidate, not once a line.
struct Admission {
  private var known: [Bool?]
  private let admits: (CandidateID) -> Bool

  /// - Parameter known: by candidate number, what needs no asking.
  init(_ known: [Bool?], _ admits: @escaping (CandidateID) -> Bool) {
    self.known = known
    self.admits = admits
  }

  mutating func admits(_ unit: Int, of writing: Writing) -> Bool {
    let number = writing.candidateNumber(of: unit)
    if let answer = known[number] { return answer }
    let answer = writing.candidate(of: unit).map(admits) ?? true
    known[number] = answer
    return answer
  }
}

/// The three best units of a topic, and how alike all of them are together.
struct BestUnits: Sendable {
  private(set) var first: Float = 0
  private var second: Float = 0
  private var third: Float = 0
  private(set) var unit: Int?
  private var secondUnit: Int?
  private var thirdUnit: Int?
  private(set) var count = 0
  /// Over all units.
  private(set) var sum: Float = 0

  var mean: Float { count == 0 ? 0 : (first + second + third) / Float(min(count, 3)) }

  /// Up to three, the likest first.
  var units: [(unit: Int, likeness: Float)] {
    [(unit, first), (secondUnit, second), (thirdUnit, third)].compactMap { unit, likeness in
      unit.map { ($0, likeness) }
    }
  }

  mutating func add(_ likeness: Float, unit: Int) {
    count += 1
    sum += likeness
    if likeness > first {
      (first, second, third) = (likeness, first, second)
      (self.unit, secondUnit, thirdUnit) = (unit, self.unit, secondUnit)
    } else if likeness > second {
      (second, third) = (likeness, second)
      (secondUnit, thirdUnit) = (unit, secondUnit)
    } else if likeness > third {
      third = likeness
      thirdUnit = unit
    }
  }

  func scaled(by factor: Float) -> BestUnits {
    var scaled = self
    scaled.first *= factor
    scaled.second *= factor
    scaled.third *= factor
    scaled.sum *= factor
    return scaled
  }
}
