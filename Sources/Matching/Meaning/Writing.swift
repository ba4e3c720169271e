import Support

/// Everything in a workspace that is compared with a question: lines, and passages of articles' bodies.
///
/// Units are numbered through: first the lines, as in `LineIndex`, then the passages.
struct Writing: Sendable {
  /// A piece of an article's body, a few sentences long.
  struct Passage: Sendable {
    var topic: Int
    var candidate: CandidateID
    var candidateNumber: Int
    var title: String
    var text: String
    var location: SourceLocation

    /// What encoders are given: a passage by itself often does not say what it is about.
    var titledText: String { "\(title). \(text)" }
  }

  let lines: [IndexedLine]
  let passages: [Passage]
  /// By topic number, the units that speak for it, in order.
  let unitsOf: [[Int]]
  // By unit: looked at many times for one question, and so kept as plain numbers.
  private let topics: [Int32]
  private let candidateNumbers: [Int32]

  init(lines: [IndexedLine], passages: [Passage], topicCount: Int) {
    self.lines = lines
    self.passages = passages
    var unitsOf = [[Int]](repeating: [], count: topicCount)
    // Field by field: a line as a whole would be copied to look at one number of it.
    topics = lines.indices.map { Int32(lines[$0].topic) } + passages.indices.map { Int32(passages[$0].topic) }
    candidateNumbers =
      lines.indices.map { Int32(lines[$0].candidateNumber) }
      + passages.indices.map { Int32(passages[$0].candidateNumber) }
    for (unit, topic) in topics.enumerated() where topic >= 0 { unitsOf[Int(topic)].append(unit) }
    self.unitsOf = unitsOf
  }

  var unitCount: Int { lines.count + passages.count }

  /// Lines of a topic, on average over lines: what most lines have for company.
  var linesPerTopic: Double {
    var (sum, squares) = (0.0, 0.0)
    for units in unitsOf {
      let count = Double(units.count { $0 < lines.count })
      sum += count
      squares += count * count
    }
    return sum > 0 ? squares / sum : 0
  }

  func text(of unit: Int) -> String {
    unit < lines.count ? lines[unit].text : passages[unit - lines.count].text
  }

  func topic(of unit: Int) -> Int { Int(topics[unit]) }

  func candidate(of unit: Int) -> CandidateID? {
    unit < lines.count ? lines[unit].candidate : passages[unit - lines.count].candidate
  }

  /// 0 for what must never be answered.
  func candidateNumber(of unit: Int) -> Int { Int(candidateNumbers[unit]) }

  func location(of unit: Int) -> SourceLocation {
    unit < lines.count ? lines[unit].location : passages[unit - lines.count].location
  }
}
