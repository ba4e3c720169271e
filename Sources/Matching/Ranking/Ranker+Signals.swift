import Support

extension Ranker {
  /// What has been found on a topic so far.
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
  func wordsAndCharacters(_ text: AnalyzedText, _ heldOut: HeldOut?, _ admission: inout Admission) -> [Found] {
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
    let ownTopic = heldOut.map { writing.topic(of: $0.unit) }
    let coverage = coverageOf(text, ownTopic: ownTopic)
    let known = index.knownShare(of: text, heldOut: heldOut != nil)
    return best.indices.map { topic in
      let isSpokenOf =
        coverage[topic] > 0 && writing.unitsOf[topic].contains { admission.admits($0, of: writing) }
      return Found(
        signals: Signals(
          best: best[topic].first, nearest: best[topic].mean,
          middle: index.likenessWithMiddle(of: topic, sum: best[topic].sum), coverage: coverage[topic],
          known: known, outOfScope: outOfScope.first, outOfScopeUnit: outOfScope.unit),
        nearest: best[topic], isAdmitted: best[topic].count > 0 || isSpokenOf)
    }
  }

  /// The topics worth a closer look: near in meaning, or alike in words.
  func contenders(_ found: [Found], nearness: [Float], without heldOut: HeldOut?) -> [Int] {
    let hidden = heldOut.flatMap { $0.withTopic ? writing.topic(of: $0.unit) : nil }
    var near = [Float](repeating: 0, count: found.count)
    for (place, value) in nearness.enumerated() {
      let topic = classifier.landmarkTopics[place]
      if topic >= 0, value > near[topic] { near[topic] = value }
    }
    func foremost(_ most: Int, by value: (Int) -> Float) -> [Int] {
      let values = found.indices.map(value)
      let places = found.indices.filter { values[$0] > 0 && $0 != hidden }
      guard places.count > most else { return places }
      return Array(places.sorted { (values[$1], $0) < (values[$0], $1) }.prefix(most))
    }
    let byWords = foremost(nearness.isEmpty ? Self.mostContenders : Self.mostByWords) { found[$0].signals.plain }
    return Set(byWords).union(foremost(Self.mostContenders) { near[$0] }).sorted()
  }

  /// Cosines with the units of the topics, by every encoder.
  func addMeanings(
    _ found: inout [Found], topics: [Int], vectors: [[Float]], speaking: [Int], heldOut: HeldOut?,
    _ admission: inout Admission
  ) {
    guard !spaces.isEmpty, vectors.count == spaces.count else { return }
    var compared = topics
    if topics.reduce(0, { $0 + writing.unitsOf[$1].count }) > Self.mostUnits {
      let signals = topics.map { found[$0].signals }
      let order = topics.indices.sorted { (signals[$1].rough, $0) < (signals[$0].rough, $1) }
      compared = order.prefix(Self.mostCompared).map { topics[$0] }
    }
    // The units of each compared topic, one topic after another.
    var units: [Int] = []
    var spans: [Range<Int>] = []
    for topic in compared {
      let start = units.count
      for unit in writing.unitsOf[topic] where unit != heldOut?.unit && admission.admits(unit, of: writing) {
        units.append(unit)
      }
      spans.append(start..<units.count)
      if start < units.count { found[topic].isAdmitted = true }
    }
    let outside = outOfScopeUnits.filter { $0 != heldOut?.unit }
    let silent = [Signals.Meaning](repeating: Signals.Meaning(), count: spaces.count)
    for topic in topics { found[topic].signals.meanings = silent }
    var outOfScopeMeaning: Float = 0
    var outsideJoint = [Float](repeating: 0, count: outside.count)
    var joint = [Float](repeating: 0, count: units.count)
    for slot in spaces.indices {
      // In the place of an encoder that does not know the language another one speaks.
      let number = speaking.contains(slot) ? slot : speaking[0]
      let likenesses = spaces[number].likenesses(of: vectors[number], with: units)
      for (topic, span) in zip(compared, spans) {
        var (lines, passages) = (BestUnits(), BestUnits())
        for place in span {
          joint[place] += likenesses[place]
          if units[place] < writing.lines.count {
            lines.add(max(likenesses[place], 0), unit: units[place])
          } else {
            passages.add(max(likenesses[place], 0), unit: units[place])
          }
        }
        // Where there is no passage, the lines have to speak for both.
        found[topic].signals.meanings[slot] = Signals.Meaning(
          line: lines.first, lines: lines.mean, passage: passages.count > 0 ? passages.first : lines.mean,
          passages: passages.count > 0 ? passages.mean : lines.mean)
      }
      let outsideLikenesses = spaces[number].likenesses(of: vectors[number], with: outside)
      outOfScopeMeaning += (outsideLikenesses.max() ?? 0) / Float(spaces.count)
      for (place, likeness) in outsideLikenesses.enumerated() { outsideJoint[place] += likeness }
    }
    let outsideNearest = outsideJoint.indices.max { outsideJoint[$0] < outsideJoint[$1] }.map { outside[$0] }
    for topic in topics {
      found[topic].signals.outOfScopeMeaning = outOfScopeMeaning
      found[topic].signals.outOfScopeUnit = outsideNearest ?? found[topic].signals.outOfScopeUnit
    }
    // The units that all encoders together find nearest are the ones to show.
    for (topic, span) in zip(compared, spans) {
      var nearest = BestUnits()
      for place in span { nearest.add(joint[place], unit: units[place]) }
      if nearest.unit != nil { found[topic].nearest = nearest.scaled(by: 1 / Float(spaces.count)) }
    }
  }
}

/// Whether candidates may be considered; asked once a candidate, not once a line.
struct Admission {
  private var known: [Bool?]
  private let admits: (CandidateID) -> Bool

  init(count: Int, _ admits: @escaping (CandidateID) -> Bool) {
    known = [Bool?](repeating: nil, count: count)
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
