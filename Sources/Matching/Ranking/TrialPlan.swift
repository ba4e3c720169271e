/// Which lines of a workspace are asked back, to see what comes of questions whose answer is known.
struct TrialPlan: Sendable {
  private static let mostAlone = 1_200
  private static let mostWithoutTopic = 600

  /// Lines that are asked as if they were not there.
  let alone: [Int]
  /// Units of whole topics; their lines are asked as if the topic were not there.
  let withoutTopic: [Int]

  init(_ writing: Writing) {
    let asked = Self.askable(writing)
    alone = Self.spread(asked, most: Self.mostAlone)
    var left = Self.mostWithoutTopic
    let asking = Set(asked.map { writing.lines[$0].topic })
    let topics = writing.unitsOf.indices.filter { asking.contains($0) }
    // All over the workspace: every topic, else every second, every third.
    let all = topics.reduce(0) { $0 + writing.unitsOf[$1].count }
    let step = max(1, (all + Self.mostWithoutTopic - 1) / Self.mostWithoutTopic)
    var units: [Int] = []
    for place in stride(from: 0, to: topics.count, by: step) where left > 0 {
      let own = writing.unitsOf[topics[place]]
      guard own.count <= left else { continue }
      left -= own.count
      units += own
    }
    withoutTopic = units
  }

  /// All lines that can be asked as if they were not there, in order.
  static func askable(_ writing: Writing) -> [Int] {
    // A topic of one unit has nothing left to be found by: asking it would teach that likeness means nothing.
    writing.lines.indices.filter { line in
      let topic = writing.lines[line].topic
      guard topic >= 0 else { return true }
      // Passages go with their title: an article's title is never asked as if it were not there.
      let hasPassages = writing.unitsOf[topic].last.map { $0 >= writing.lines.count } ?? false
      return writing.unitsOf[topic].count > 1 && (writing.lines[line].isExample || !hasPassages)
    }
  }

  private static func spread(_ lines: [Int], most: Int) -> [Int] {
    let step = max(1, (lines.count + most - 1) / most)
    return stride(from: 0, to: lines.count, by: step).map { lines[$0] }
  }
}

/// What the classifier says of units that it did not learn from.
struct HeldOutScores: Sendable {
  let plan: TrialPlan
  let alone: [Int: [Float]]
  let withoutTopic: [Int: [Float]]

  func scores(of heldOut: Ranker.HeldOut) -> [Float]? {
    heldOut.withTopic ? withoutTopic[heldOut.unit] : alone[heldOut.unit]
  }
}
