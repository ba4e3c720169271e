import Support
import Testing

@testable import Matching

@Suite struct `Review of held-out lines` {
  static func place(_ line: Int) -> Support.SourceLocation { Support.SourceLocation(file: "intents/a.yml", line: line) }

  /// Intents a, b, c … with so many examples each, far apart in the file.
  static func catalogue(_ counts: [Int]) -> Catalogue {
    Catalogue(
      WorkspaceContent(
        intents: counts.enumerated().map { topic, count in
          Intent(
            id: name(topic), title: name(topic), language: "en",
            examples: (0..<count).map { Example("\(name(topic)) line \($0)", at: place(topic * 1000 + $0 + 2)) },
            action: .answer("yes"), location: place(topic * 1000 + 1))
        }))
  }

  static func name(_ topic: Int) -> String {
    topic < 26 ? String("abcdefghijklmnopqrstuvwxyz".dropFirst(topic).prefix(1)) : "t\(topic)"
  }

  /// All lines of these intents, each found, but for those that `stray` gives: topic and number to a rival.
  static func trials(
    _ counts: [Int], stray: (Int, Int) -> (topic: Int, confidence: Double, own: Double)? = { _, _ in nil }
  ) -> [HeldOutTrial] {
    counts.enumerated().flatMap { topic, count in
      (0..<count).map { number in
        let ranked: [HeldOutTrial.Ranked] =
          if let rival = stray(topic, number) {
            [.init(topic: rival.topic, confidence: rival.confidence), .init(topic: topic, confidence: rival.own)]
          } else {
            [.init(topic: topic, confidence: 0.8), .init(topic: (topic + 1) % counts.count, confidence: 0.1)]
          }
        return HeldOutTrial(
          text: "\(name(topic)) line \(number)", location: place(topic * 1000 + number + 2), topic: topic,
          candidate: .intent(name(topic)), ranked: ranked)
      }
    }
  }

  static func messages(_ trials: [HeldOutTrial], _ counts: [Int]) -> [String] {
    CrossValidationReview(trials, catalogue: catalogue(counts)).warnings().map {
      "\($0.location.line): \($0.severity.rawValue): \($0.message)"
    }
  }

  static let ten = [Int](repeating: 10, count: 10)

  @Test func `a workspace whose lines find themselves has no warning`() {
    #expect(Self.messages(Self.trials(Self.ten), Self.ten).isEmpty)
    #expect(Self.messages([], []).isEmpty)
    #expect(Self.messages([], Self.ten).isEmpty)
  }

  @Test func `lines gone astray everywhere are no pair`() {
    // A third of all lines miss, each somewhere else.
    let trials = Self.trials(Self.ten) { topic, number in
      number % 3 == 0 ? ((topic + 1 + (number / 3 + topic) % 9) % 10, 0.5, 0.3) : nil
    }
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `two intents that take each other's lines are a pair, with lines that show it`() throws {
    let trials = Self.trials(Self.ten) { topic, number in
      topic == 1 && number < 6 ? (2, 0.6, 0.3) : topic == 2 && number < 4 ? (1, 0.65, 0.3) : nil
    }
    let messages = Self.messages(trials, Self.ten)
    #expect(
      messages == [
        "2001: warning: The intent 'b' and the intent 'c' are taken for one another: of their 20 lines, 6 of the one and 4 of the other find the wrong one, such as “c line 0” (intents/a.yml:2002:1), “c line 1” (intents/a.yml:2003:1), “c line 2” (intents/a.yml:2004:1). Merge them, or give each examples that only fit it."
      ])
  }

  @Test func `of a sample it is said that it is one`() throws {
    let trials = Self.trials(Self.ten) { topic, number in
      topic == 1 && number < 6 ? (2, 0.6, 0.3) : topic == 2 && number < 4 ? (1, 0.65, 0.3) : nil
    }
    func messages(_ lineCounts: [Int: Int]) -> [String] {
      CrossValidationReview(trials, written: [], lineCounts: lineCounts, catalogue: Self.catalogue(Self.ten)).warnings()
        .map(\.message)
    }
    #expect(
      try #require(messages([1: 130, 2: 83]).first).contains(
        "of the 20 of their 213 lines that were tried, 6 of the one and 4 of the other find the wrong one"))
    // Fewer than were tried is no number of lines.
    #expect(try #require(messages([1: 3, 2: -1]).first).contains("of their 20 lines, 6 of the one"))
  }

  @Test(arguments: [(4, 0), (7, 0), (1, 6), (3, 3)])
  func `a pair of which lines of one side only go astray is none, unless most do`(one: Int, other: Int) {
    let trials = Self.trials(Self.ten) { topic, number in
      topic == 1 && number < one ? (2, 0.6, 0.3) : topic == 2 && number < other ? (1, 0.65, 0.3) : nil
    }
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `where lines go astray everywhere, two topics must find each other oftener than that`() {
    // Half of all lines miss, and of b and c no larger part, though that part finds the other.
    let trials = Self.trials(Self.ten) { topic, number in
      guard number < 5 else { return nil }
      return topic == 1 ? (2, 0.5, 0.3) : topic == 2 ? (1, 0.5, 0.3) : ((topic + 3 + number) % 10, 0.5, 0.3)
    }
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `what another review has said is not said again`() {
    let trials = Self.trials(Self.ten) { topic, number in
      topic == 1 && number < 6
        ? (2, 0.6, 0.3)
        : topic == 2 && number < 4 ? (1, 0.65, 0.3) : topic == 5 && number == 0 ? (8, 0.99, 0) : nil
    }
    let review = CrossValidationReview(trials, catalogue: Self.catalogue(Self.ten))
    func count(_ change: (inout CrossValidationReview.Said) -> Void) -> Int {
      var said = CrossValidationReview.Said()
      change(&said)
      return review.warnings(beside: said).count
    }
    #expect(count { _ in } == 2)
    #expect(count { $0.pairs.insert([1, 2]) } == 1)
    #expect(count { $0.pairs.insert([5, 8]) } == 1)
    #expect(count { $0.topics.insert(5) } == 1)
    #expect(count { $0.lines.insert(Self.place(5002)) } == 1)
    #expect(count { $0.topics.insert(8) } == 2)
  }

  @Test func `an intent whose lines another takes away is a pair with it`() {
    let trials = Self.trials(Self.ten) { topic, number in topic == 1 && number < 8 ? (2, 0.6, 0.3) : nil }
    let messages = Self.messages(trials, Self.ten)
    #expect(messages.count == 1)
    #expect(messages[0].contains("of their 20 lines, 8 of the one and 0 of the other find the wrong one"))
  }

  @Test(arguments: [2, 3, 7])
  func `a few lines gone astray are chance, or near`(count: Int) {
    let trials = Self.trials(Self.ten) { topic, number in topic == 1 && number < count ? (2, 0.6, 0.3) : nil }
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `a line that is surely another topic looks mislabelled`() {
    let trials = Self.trials(Self.ten) { topic, number in topic == 3 && number == 4 ? (7, 0.93, 0.0004) : nil }
    #expect(
      Self.messages(trials, Self.ten) == [
        "3006: warning: “d line 4” looks like the intent 'h' (93 %), not like the intent 'd' (0 %), whose other lines are unlike it. Move it, or give the intent 'd' more lines of its kind."
      ])
  }

  @Test(arguments: [(0.65, 0), (0.89, 0.0005), (0.93, 0.2), (0.99, 0.002)])
  func `a line that may well be its own topic does not`(rival: Double, own: Double) {
    // Not sure enough, or not unsure enough of its own.
    let trials = Self.trials(Self.ten) { topic, number in topic == 3 && number == 4 ? (7, rival, own) : nil }
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `where lines lose sight of their topics in numbers, none of them is odd`() {
    // Words alone, in a workspace where no two lines share one: eleven of a hundred have nothing of their own topic.
    func trials(astray: Int) -> [HeldOutTrial] {
      Self.trials(Self.ten) { topic, number in
        let place = topic * 10 + number
        return place % 9 == 0 && place / 9 < astray ? ((topic + 1 + place % 7) % 10, 0.95, 0) : nil
      }
    }
    #expect(Self.messages(trials(astray: 10), Self.ten).count == 10)
    #expect(Self.messages(trials(astray: 11), Self.ten).isEmpty)
  }

  @Test func `a title is nobody's wrong example`() {
    var trials = Self.trials(Self.ten) { topic, number in topic == 3 && number == 4 ? (7, 0.93, 0) : nil }
    for place in trials.indices where trials[place].text == "d line 4" { trials[place].isExample = false }
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `an out-of-scope line that looks like a topic is named`() {
    let trial = HeldOutTrial(
      text: "when is payday", location: Support.SourceLocation(file: "intents/out-of-scope.yml", line: 3), topic: nil,
      candidate: nil, ranked: [.init(topic: 0, confidence: 0.9)])
    #expect(
      Self.messages(Self.trials(Self.ten) + [trial], Self.ten) == [
        "3: warning: “when is payday” is an example of what must never be answered, but looks like the intent 'a' (90 %). Take it out, or make it say what sets it apart."
      ])
    var unlike = trial
    unlike.ranked = [.init(topic: 0, confidence: 0.4)]
    #expect(Self.messages(Self.trials(Self.ten) + [unlike], Self.ten).isEmpty)
  }

  @Test func `the same words in two intents are named once, and are no mislabelling`() {
    var trials = Self.trials(Self.ten) { topic, number in topic == 3 && number == 4 ? (7, 0.99, 0.0) : nil }
    for place in trials.indices where trials[place].text == "d line 4" { trials[place].text = "H line   4!" }
    #expect(
      Self.messages(trials, Self.ten) == [
        "7006: warning: “h line 4” stands here and in the intent 'd' (intents/a.yml:3006:1). Keep it where it belongs."
      ])
  }

  @Test func `what the reader of the workspace has said is not said again`() {
    var trials = Self.trials(Self.ten) { topic, number in topic == 3 && number == 4 ? (7, 0.99, 0.0) : nil }
    for place in trials.indices where trials[place].text == "d line 4" { trials[place].text = "H line 4" }
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `an intent with too few examples is told how many the others need`() {
    // Those with 3 lose most of theirs, those with 12 nothing.
    let counts = [3, 3, 3, 3, 3, 3, 3, 12, 12, 12]
    let trials = Self.trials(counts) { topic, number in
      topic < 6 && number < 2 ? ((topic + 3 + number) % 10, 0.5, 0.3) : nil
    }
    let messages = Self.messages(trials, counts)
    #expect(messages.count == 6)
    #expect(
      messages.first
        == "1: warning: The intent 'a' has too few examples: held out, 2 of its 3 lines are taken for something else, while topics with 11 lines or more lose 0 %. Add about 8, in other words than those there."
    )
    // The seventh has as few, and is found all the same.
    #expect(!messages.contains { $0.contains("'g'") })
  }

  @Test func `an intent of next to nothing is named, whatever the others show`() {
    // Too few such intents for a curve; the others have ten lines each.
    let counts = Self.ten + [1, 2, 2]
    let trials = Self.trials(counts) { topic, number in topic > 9 && topic < 12 && number == 0 ? (3, 0.5, 0.1) : nil }
    #expect(
      Self.messages(trials, counts) == [
        "10001: warning: The intent 'k' has too few examples: held out, 1 of its 1 lines is taken for something else, while half of all topics have 10 lines or more. Add about 9, in other words than those there.",
        "11001: warning: The intent 'l' has too few examples: held out, 1 of its 2 lines is taken for something else, while half of all topics have 10 lines or more. Add about 8, in other words than those there.",
      ])
    // A workspace that is only being begun.
    let begun = [2, 2, 2, 2, 2, 2]
    #expect(Self.messages(Self.trials(begun) { _, number in number == 0 ? (0, 0.5, 0.1) : nil }, begun).isEmpty)
  }

  @Test func `a sample of an intent's lines does not make them few`() {
    let counts = Self.ten + [2]
    let trials = Self.trials(counts) { topic, number in topic == 10 && number == 0 ? (3, 0.5, 0.1) : nil }
    let sampled = CrossValidationReview(
      trials, written: [], lineCounts: [10: 40], catalogue: Self.catalogue(counts))
    #expect(sampled.warnings().isEmpty)
  }

  @Test func `out-of-scope lines of which many look like topics are as they are`() {
    func trial(_ number: Int, _ confidence: Double) -> HeldOutTrial {
      HeldOutTrial(
        text: "strange \(number)", location: Support.SourceLocation(file: "intents/out-of-scope.yml", line: number + 1),
        topic: nil, candidate: nil, ranked: [.init(topic: number % 10, confidence: confidence)])
    }
    func messages(_ alike: Int) -> Int {
      Self.messages(Self.trials(Self.ten) + (0..<60).map { trial($0, $0 < alike ? 0.999 : 0.2) }, Self.ten).count
    }
    #expect(messages(2) == 2)
    #expect(messages(3) == 0)
  }

  @Test func `where few examples are found as well as many, nobody is asked for more`() {
    let counts = [3, 3, 3, 3, 3, 3, 12, 12, 12]
    // One in three, everywhere.
    let trials = Self.trials(counts) { topic, number in
      number % 3 == 0 ? ((topic + 1 + (number / 3 + topic) % 8) % 9, 0.5, 0.3) : nil
    }
    #expect(!Self.messages(trials, counts).contains { $0.contains("too few") })
  }

  @Test func `of many warnings the gravest are given and the rest counted`() {
    let counts = [Int](repeating: 10, count: 60)
    let trials = Self.trials(counts) { topic, number in
      number == 0 ? ((topic + 7) % 60, 0.99 + Double(topic) / 10_000, 0) : nil
    }
    let messages = Self.messages(trials, counts)
    #expect(messages.count == 21)
    #expect(
      messages.count {
        $0.hasSuffix("And 40 more lines that seem to belong elsewhere, beside the 20 gravest: mend those first.")
      } == 1)
    #expect(messages.contains { $0.contains("“t59 line 0”") } && !messages.contains { $0.contains("“a line 0”") })
  }

  @Test func `topics that do not exist and confidences that are no numbers break nothing`() {
    var trials = Self.trials(Self.ten)
    trials.append(
      HeldOutTrial(
        text: "odd", location: Self.place(1), topic: 99, candidate: .intent("gone"),
        ranked: [.init(topic: -1, confidence: 1), .init(topic: 77, confidence: 1), .init(topic: 1, confidence: .nan)]))
    trials.append(HeldOutTrial(text: "", location: Self.place(1), topic: 1, candidate: nil, ranked: []))
    trials.append(HeldOutTrial(text: "", location: Self.place(2), topic: 2, candidate: nil, ranked: []))
    #expect(Self.messages(trials, Self.ten).isEmpty)
  }

  @Test func `the order of the trials does not matter`() {
    let trials = Self.trials(Self.ten) { topic, number in
      topic == 1 && number < 8 ? (2, 0.6, 0.3) : number == 8 ? ((topic + 4) % 10, 0.95, 0) : nil
    }
    let messages = Self.messages(trials, Self.ten)
    #expect(messages.count == 11)
    #expect(Self.messages(trials.reversed(), Self.ten) == messages)
  }

  @Test func `the binomial tail equals the plain sum`() {
    for trials in [1, 5, 20] {
      for chance in [0.01, 0.1, 0.3] {
        for count in 1...trials where Double(trials) * chance < Double(count) {
          var sum = 0.0
          for hits in count...trials {
            var term = 1.0
            for step in 0..<hits { term *= Double(trials - step) / Double(step + 1) * chance }
            for _ in hits..<trials { term *= 1 - chance }
            sum += term
          }
          let tail = CrossValidationReview.tail(count, of: trials, chance: chance)
          #expect(abs(tail - sum) < 1e-9 * max(sum, 1e-3), "\(count) of \(trials) at \(chance)")
        }
      }
    }
    #expect(CrossValidationReview.tail(0, of: 5, chance: 0.1) == 1)
    #expect(CrossValidationReview.tail(3, of: 5, chance: 0) == 0)
    #expect(CrossValidationReview.tail(40, of: 100_000, chance: 1e-5) < 1e-30)
  }
}
