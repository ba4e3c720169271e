import Support
import Testing

@testable import Matching

@Suite struct TrialPlanTests {
  /// - Parameter topics: how many examples each has, and passages; a title comes after the examples.
  private func writing(
    _ topics: [(examples: Int, passages: Int)], outOfScope: Int = 0, titles: Bool = true
  ) -> Writing {
    let place = SourceLocation(file: "x.yml")
    var lines: [IndexedLine] = []
    var passages: [Writing.Passage] = []
    for (topic, size) in topics.enumerated() {
      let id = CandidateID.article("t\(topic)")
      for number in 0..<(size.examples + (titles ? 1 : 0)) {
        lines.append(
          IndexedLine(
            topic: topic, candidate: id, candidateNumber: topic + 1, text: "line \(number)",
            isExample: number < size.examples, location: place))
      }
      for number in 0..<size.passages {
        passages.append(
          Writing.Passage(
            topic: topic, candidate: id, candidateNumber: topic + 1, title: "t", text: "passage \(number)",
            location: place))
      }
    }
    for number in 0..<outOfScope {
      lines.append(
        IndexedLine(
          topic: LineIndex.outOfScope, candidate: nil, candidateNumber: 0, text: "out \(number)", isExample: true,
          location: place))
    }
    return Writing(lines: lines, passages: passages, topicCount: topics.count)
  }

  @Test func `of a small workspace every line is asked, alone and with its topic`() {
    let plan = TrialPlan(writing([(3, 0), (2, 0)], outOfScope: 2))
    #expect(plan.alone == Array(0..<9))
    #expect(plan.withoutTopic == Array(0..<7))
  }

  @Test func `a title whose article has passages is never asked`() {
    let writing = writing([(2, 3), (0, 4), (1, 0)])
    let plan = TrialPlan(writing)
    #expect(plan.alone.allSatisfy { writing.lines[$0].isExample || writing.lines[$0].topic == 2 })
    #expect(!plan.alone.contains(2) && !plan.alone.contains(3))
    // The second topic has nothing that can be asked, and is not held out.
    #expect(!plan.withoutTopic.contains { writing.topic(of: $0) == 1 })
    // A topic that is held out goes with its passages.
    #expect(plan.withoutTopic.contains(writing.lines.count))
  }

  @Test func `a topic of one unit has nothing left to be found by`() {
    #expect(TrialPlan(writing([(1, 0), (1, 0)], titles: false)).alone.isEmpty)
    #expect(TrialPlan(writing([(1, 0)], titles: false)).withoutTopic.isEmpty)
    #expect(TrialPlan(writing([])).alone.isEmpty && TrialPlan(writing([])).withoutTopic.isEmpty)
  }

  @Test(arguments: [
    (150, 100, 0), (1_000, 4, 10), (3_000, 1, 3), (1, 5_000, 0), (2, 599, 0), (601, 1, 0), (40, 30, 24),
  ])
  func `however large the workspace, no more is asked than has time`(_ topics: Int, _ examples: Int, _ passages: Int) {
    let writing = writing(Array(repeating: (examples, passages), count: topics), outOfScope: topics)
    let plan = TrialPlan(writing)
    #expect(plan.alone.count <= 1_200 && plan.alone.count > 0)
    #expect(plan.withoutTopic.count <= 600)
    #expect(plan.alone == Array(Set(plan.alone)).sorted())
    #expect(Set(plan.withoutTopic).count == plan.withoutTopic.count)
    for (topic, units) in Dictionary(grouping: plan.withoutTopic, by: { writing.topic(of: $0) }) {
      #expect(topic >= 0)
      #expect(units.sorted() == writing.unitsOf[topic])
    }
    // From all over the workspace, not from its beginning.
    #expect((plan.alone.last ?? 0) > writing.lines.count / 2)
    if examples + passages < 100 {
      #expect(plan.withoutTopic.count > 100)
      #expect((plan.withoutTopic.map { writing.topic(of: $0) }.max() ?? 0) >= topics / 2)
    }
  }
}
