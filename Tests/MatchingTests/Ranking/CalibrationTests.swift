import Foundation
import Support
import TestSupport
import Testing

@testable import Matching

@Suite struct CalibrationTests {
  private func matcher(_ content: WorkspaceContent, _ encoders: Int = 0) -> Matcher {
    Matcher(content, encoders: (0..<encoders).map { HashingEncoder(name: "e\($0)", version: "e\($0)") })
  }

  // The very words of a line.

  @Test(arguments: [0, 0.001, 0.05, 1], [0, 1])
  func `the very words of a line are answered, whatever the bound`(_ bound: Double, _ encoders: Int) {
    let matcher = matcher(Desk.content(bound: bound), encoders)
    for (number, subject) in Desk.subjects.enumerated() {
      let id: CandidateID = number % 2 == 0 ? .intent(subject.id) : .article(subject.id)
      for way in subject.ways + [subject.title, subject.ways[0].uppercased(), "  \(subject.ways[1])!! "] {
        let considered = matcher.consider(way, asker: Desk.asker)
        #expect(considered.matched == id, "\(way)")
        #expect(considered.confidence >= Calibration.sameWordsConfidence)
      }
    }
  }

  @Test(arguments: [0, 1])
  func `a line that two topics have is not taken for one of them by its words`(_ encoders: Int) {
    var content = Desk.content(bound: 0.001)
    content.intents[0].examples.append(Example("it does not work", at: Desk.place))
    content.intents[1].examples.append(Example("it does not work", at: Desk.place))
    let matcher = matcher(content, encoders)
    let considered = matcher.consider("it does not work", asker: Desk.asker)
    #expect(considered.confidence < Calibration.sameWordsConfidence)
    #expect(considered.matched == nil)
    // Said by the intent that names the article, it is no other topic's.
    content.intents[1].action = .article("parking")
    content.intents[1].examples = [Example("where can i park my car", at: Desk.place)]
    content.intents[0].examples.removeLast()
    #expect(self.matcher(content, encoders).consider("where can i park my car", asker: Desk.asker).matched != nil)
  }

  @Test(arguments: [0, 1])
  func `the very words of what must never be answered are not answered`(_ encoders: Int) {
    var content = Desk.content(bound: 1)
    content.intents[0].examples.append(Example("who is the president", at: Desk.place))
    let matcher = matcher(content, encoders)
    for line in Desk.outOfScope { #expect(matcher.consider(line, asker: Desk.asker).matched == nil, "\(line)") }
  }

  // Bounds.

  @Test(arguments: [0, 1])
  func `with a bound of 0 nothing is answered by likeness`(_ encoders: Int) {
    let matcher = matcher(Desk.content(bound: 0), encoders)
    #expect(matcher.calibration.threshold(for: nil).value >= 1)
    for text in ["somebody stole a badge", "parking for cars", "refunds of tickets"] {
      #expect(matcher.consider(text, asker: Desk.asker).matched == nil)
    }
  }

  @Test(arguments: [0, 1])
  func `with a bound of 1 whatever is likeliest is answered`(_ encoders: Int) {
    let matcher = matcher(Desk.content(bound: 1), encoders)
    #expect(matcher.consider("parking for cars", asker: Desk.asker).matched == .article("parking"))
    #expect(matcher.consider("refund of a ticket", asker: Desk.asker).matched == .intent("refund"))
  }

  @Test(arguments: [-1, 2, Double.nan, .infinity])
  func `a bound that is none is taken for the nearest`(_ bound: Double) {
    let matcher = matcher(Desk.content(bound: bound))
    #expect(!Desk.decide(matcher, "parking for cars").explanation.isEmpty)
    #expect(!matcher.calibration.threshold(for: nil).value.isNaN)
  }

  @Test func `the lower the bound, the higher the threshold`() {
    let thresholds = [1, 0.3, 0.1, 0.02, 0].map {
      matcher(Desk.content(bound: $0), 1).calibration.threshold(for: nil).value
    }
    #expect(thresholds == thresholds.sorted())
  }

  // Workspaces with little in them.

  @Test(arguments: [0, 1, 2])
  func `a workspace of nothing sends everything to a person`(_ encoders: Int) {
    let matcher = matcher(WorkspaceContent(), encoders)
    for text in Desk.questions + ["the studio software keeps crashing every single time"] {
      let decision = Desk.decide(matcher, text)
      #expect(decision.matched == nil && decision.candidates.isEmpty)
    }
    #expect(Desk.decide(matcher, "the studio software keeps crashing every single time").kind == .escalate)
    #expect(matcher.calibration.trials.isEmpty)
  }

  @Test(arguments: [0, 1, 2])
  func `a workspace of one intent answers what it is about and nothing else`(_ encoders: Int) {
    let matcher = matcher(Desk.content(1, outOfScope: []), encoders)
    #expect(Desk.decide(matcher, "where do i get a new badge").matched == .intent("badge"))
    #expect(Desk.decide(matcher, "the studio software keeps crashing every single time").matched == nil)
    #expect(matcher.consider("my badge was stolen today", asker: Desk.asker).candidates.first?.id == .intent("badge"))
  }

  @Test(arguments: [0, 1])
  func `an intent of one example, and an article of its title alone`(_ encoders: Int) {
    var content = Desk.content(1, outOfScope: [], ways: 1)
    content.articles = [Desk.article("vault", "Opening the vault", [], "")]
    let matcher = matcher(content, encoders)
    #expect(Desk.decide(matcher, "opening the vault").matched == .article("vault"))
    #expect(Desk.decide(matcher, Desk.subjects[0].ways[0]).matched == .intent("badge"))
  }

  @Test(arguments: [0, 1])
  func `a workspace of out-of-scope lines alone answers nothing`(_ encoders: Int) {
    let matcher = matcher(WorkspaceContent(outOfScope: Desk.content().outOfScope), encoders)
    for text in Desk.outOfScope + Desk.questions {
      #expect(matcher.consider(text, asker: Desk.asker).matched == nil)
    }
  }

  @Test(arguments: [0, 1])
  func `lines without a word in them break nothing`(_ encoders: Int) {
    var content = Desk.content()
    for text in ["", " ", "???", "🙂", "\u{200B}"] {
      content.intents[0].examples.append(Example(text, at: Desk.place))
      content.outOfScope.append(AuthoredLine(text, at: Desk.place))
    }
    content.articles.append(Desk.article("empty", "", ["", "…"], ""))
    let matcher = matcher(content, encoders)
    #expect(Desk.decide(matcher, "where can i park my car").matched == .article("parking"))
    for text in ["", "???", "🙂"] { #expect(Desk.decide(matcher, text).matched == nil) }
  }

  // What is said about it.

  @Test func `a threshold says what set it`() {
    let few = Desk.decide(matcher(Desk.content()), "parking for cars").explanation
    let policy = few.first { $0.kind == .policy }?.text ?? ""
    #expect(policy.contains("The threshold is 0.") || policy.contains("The threshold is 1."))
    #expect(policy.contains("at most 5 %"), "\(policy)")
    #expect(policy.contains("held-out question"), "\(policy)")
    #expect(policy.hasSuffix(".") && !policy.hasSuffix(".."))
    let bound = matcher(Desk.content(bound: 0.125)).calibration.threshold(for: nil).basis
    #expect(bound.contains("12.5 %"))
    #expect(matcher(WorkspaceContent()).calibration.threshold(for: nil).basis.contains("nothing could be held out"))
  }

  @Test func `what was learnt names every signal of every encoder`() {
    let lesson = matcher(Desk.content(), 2).lesson
    for name in Signals.names(encoders: ["e0", "e1"]) { #expect(lesson.contains(name)) }
    #expect(!lesson.contains("nan") && !lesson.contains("inf"))
  }

  @Test(arguments: [0, 1, 2])
  func `confidences are probabilities, and fall`(_ encoders: Int) {
    let matcher = matcher(Desk.content(), encoders)
    for question in Desk.questions {
      let confidences = matcher.consider(question, asker: Desk.asker).candidates.map(\.confidence)
      #expect(confidences.allSatisfy { (0...1).contains($0) })
      #expect(confidences == confidences.sorted(by: >))
    }
  }

  @Test(arguments: [0, 1, 2])
  func `names of signals are as many as signals`(_ encoders: Int) {
    let matcher = matcher(Desk.content(), encoders)
    let text = matcher.ranker.analyzeQuestion("where can i park my car", language: "en")
    let names = Signals.names(encoders: matcher.ranker.spaces.map(\.encoder.name))
    #expect(matcher.ranker.rank(text).allSatisfy { $0.signals.forRanking.count == names.count })
    #expect(matcher.calibration.lesson.ranking.weights.count == names.count)
  }

  // What held-out lines may teach.

  @Test func `a line that regional siblings share, or that stands twice, is no mistake to learn from`() throws {
    let shared = "where do we enter our tax details"
    func regional(_ id: String, _ region: String, _ questions: [String]) -> Article {
      Desk.article(id, "Tax form for studios in \(id)", questions + [shared], "Form of \(id).", regions: [region])
    }
    var articles = [
      regional("japan", "JP", ["consumption levy in japan", "which japanese tax form"]),
      regional("france", "FR", ["social levy in france", "which french tax form"]),
    ]
    articles.append(
      Desk.article("parking-twice", "Parking twice", ["a second place to park", "badge parking wifi"], "Two."))
    articles.append(Desk.article("wifi-twice", "Wifi twice", ["a second network", "badge parking wifi"], "Three."))
    let matcher = Matcher(Desk.content(articles: articles))
    let trials = matcher.calibration.lesson.trials
    let (writing, topics) = (matcher.ranker.writing, matcher.catalogue.topicOf)
    let sharing = trials.filter { writing.text(of: $0.unit) == shared && $0.hasAnswer }
    #expect(sharing.count == 2)
    let (japan, france) = (try #require(topics[.article("japan")]), try #require(topics[.article("france")]))
    for trial in sharing {
      let other = trial.topic == japan ? france : japan
      #expect(!trial.ranked.contains { $0.topic == other })
    }
    #expect(!trials.contains { writing.text(of: $0.unit) == "badge parking wifi" })
  }
}
