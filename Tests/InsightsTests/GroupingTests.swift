import Insights
import Support
import TestSupport
import Testing

@Suite struct GroupingTests {

  private func groups(_ texts: [String], kind: Decision.Kind = .escalate) throws -> [UnansweredGroup] {
    let background = [
      "how do I change my bank account", "when are payouts sent", "why was my account banned", "can I appeal a ban",
      "what is a valid day", "how do I join a network", "is there a limit for withdrawals", "how do I see my tier",
    ].enumerated().map { index, text in
      Log.message(1000 + index, [Decision.Part(text: text, kind: .answer, matched: .intent("known"))])
    }
    return try Log.update(
      texts.enumerated().map { Log.asked($0.offset + 1, $0.element, agency: "A\($0.offset % 3)", kind: kind) }
        + background
    ).unanswered
  }

  @Test func `questions in other words, forms and signs are together, and others are not`() throws {
    let groups = try groups([
      "can creators stream from a cruise ship?", "cruise ship streaming", "STREAM on a cruise ship!!!",
      "who signs the contract with two owners", "contract signed by two owners?", "refund for a broken ring light",
    ])
    #expect(groups.map(\.count) == [3, 2, 1])
    #expect(groups.map(\.agencies) == [3, 2, 1])
    #expect(groups[0].examples.count == 2)
    #expect(groups[2].examples.isEmpty)
  }

  @Test func `the same question many times is one line, as it was written first`() throws {
    let groups = try groups(["Gift value?", "gift value", "GIFT  VALUE?", "gift value?"])
    #expect(groups.map(\.count) == [4])
    #expect(groups.first?.label == "Gift value?")
    #expect(groups.first?.examples == ["gift value"])
  }

  @Test func `questions that share only how they begin are not together`() throws {
    let groups = try groups(["how do I feed a parrot", "how do I paint a fence", "how do I bake bread"])
    #expect(groups.count == 3)
  }

  @Test func `one word does not draw in everything about it`() throws {
    let groups = try groups(["parrot", "my parrot ate the microphone", "insurance for a parrot on camera"])
    #expect(groups.count == 3)
  }

  @Test func `messages without a word have a line of their own`() throws {
    let groups = try groups(["🙃🙃", "???", "\u{200B}", "", "🙃🙃"])
    #expect(groups.reduce(0) { $0 + $1.count } == 5)
    #expect(groups.map(\.label).contains("(no text)"))
  }

  @Test func `asked back counts, answered, silent and matched do not`() throws {
    #expect(try groups(["parrot food"], kind: .clarify).first?.escalated == 0)
    #expect(try groups(["parrot food"], kind: .collect).count == 1)
    #expect(try groups(["parrot food"], kind: .silent).isEmpty)
    let matched = Log.message(1, [Decision.Part(text: "x", kind: .escalate, matched: .intent("i"))])
    #expect(try Log.update([matched]).unanswered.isEmpty)
  }

  @Test func `a greeting is no question, and one that nothing is like is`() throws {
    func clarified(_ id: Int, _ text: String, _ explanation: [Evidence]) -> Interaction {
      Log.message(id, [Decision.Part(text: text, kind: .clarify, explanation: explanation)])
    }
    let version = Evidence(.workspace, "Workspace version v.")
    let update = try Log.update([
      clarified(1, "hi there", [Evidence(.policy, "A greeting and nothing else."), version]),
      clarified(2, "parrot food", [Evidence(.policy, "Nothing in the workspace is like it.", score: 0.7), version]),
    ])
    #expect(update.unanswered.map(\.label) == ["parrot food"])
    #expect(update.unansweredQuestions == 1)
  }

  @Test func `every question is in exactly one group, whatever the order`() throws {
    let words = ["parrot", "ship", "contract", "owner", "ring", "light", "camera", "stream", "refund", "gift", "limit"]
    for seed in UInt64(1)...10 {
      var random = SeededGenerator(seed: seed)
      let texts = (0..<80).map { _ in
        (0..<Int.random(in: 1...5, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
          .joined(separator: " ")
      }
      let asked = texts.enumerated().map { Log.asked($0.offset + 1, $0.element) }
      let update = try Log.update(asked)
      #expect(update.unanswered.reduce(0) { $0 + $1.count } == 80)
      #expect(update.unansweredQuestions == 80)
      #expect(try Log.update(asked.shuffled(using: &random)).unanswered == update.unanswered)
      let order = update.unanswered.map { [-$0.count, -$0.agencies] }
      #expect(order == order.sorted { $0.lexicographicallyPrecedes($1) })
    }
  }

  @Test func `a flood of different nonsense is counted in full and listed in part`() throws {
    let asked = (1...2600).map { Log.asked($0, "zq\($0)x wv\($0 * 7)y") }
    let update = try Log.update(asked)
    #expect(update.unansweredQuestions == 2600)
    #expect(update.unanswered.count == 200)
  }
}
