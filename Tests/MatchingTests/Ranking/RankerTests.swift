import Foundation
import Support
import Synchronization
import TestSupport
import Testing

@testable import Matching

@Suite struct RankerTests {
  private static func matcher(
    _ encoders: [any SentenceEncoder], _ content: WorkspaceContent = Desk.content(), cache: (any ModelCache)? = nil
  ) -> Matcher {
    Matcher(content, encoders: encoders, cache: cache)
  }

  // Encoders that fail.

  @Test(arguments: FaultyEncoder.Fault.allCases)
  func `an encoder that fails at the start leaves a matcher as without it`(_ fault: FaultyEncoder.Fault) {
    let failed = Self.matcher([FaultyEncoder(HashingEncoder(), fault)])
    #expect(failed.ranker.spaces.isEmpty)
    let without = Self.matcher([])
    #expect(Desk.decisions(failed) == Desk.decisions(without))
    #expect(failed.lesson == without.lesson)
  }

  @Test func `of two encoders the one that fails at the start is left out`() {
    let good = HashingEncoder(name: "good")
    let one = Self.matcher([FaultyEncoder(HashingEncoder(version: "other"), .silence), good])
    #expect(one.ranker.spaces.map(\.encoder.name) == ["good"])
    #expect(Desk.decisions(one) == Desk.decisions(Self.matcher([HashingEncoder(name: "good")])))
  }

  @Test(arguments: FaultyEncoder.Fault.allCases)
  func `an encoder that fails while a question is asked leaves words and characters`(_ fault: FaultyEncoder.Fault) {
    // All lines of the desk go in one call.
    let failing = Self.matcher([FaultyEncoder(HashingEncoder(), fault, after: 1)])
    #expect(failing.ranker.spaces.count == 1)
    for question in Desk.questions { #expect(!Desk.decide(failing, question).parts.isEmpty) }
    #expect(Desk.decide(failing, "where do i get a new badge").matched == .intent("badge"))
    #expect(Desk.decide(failing, "my oven is on fire").matched == nil)
    for question in ["somebody stole my badge", "wifi password for guests", "how do i reserve a camera lens"] {
      #expect(
        Desk.decide(failing, question).candidates.first?.id
          == Desk.decide(Self.matcher([]), question).candidates.first?.id)
    }
  }

  @Test func `of two encoders one fails while a question is asked`() {
    let failing = Self.matcher([
      HashingEncoder(), FaultyEncoder(HashingEncoder(name: "second", version: "second"), .silence, after: 1),
    ])
    #expect(failing.ranker.spaces.count == 2)
    for question in Desk.questions { #expect(!Desk.decide(failing, question).parts.isEmpty) }
    #expect(Desk.decide(failing, "where can i park my car").matched == .article("parking"))
  }

  @Test func `with a cache an encoder that is silent from the start is still there, and decides by words`() {
    let cache = MemoryModelCache()
    _ = Self.matcher([HashingEncoder()], cache: cache)
    let later = Self.matcher([FaultyEncoder(HashingEncoder(), .silence)], cache: cache)
    #expect(later.ranker.spaces.count == 1)
    #expect(Desk.decide(later, "where can i park my car").matched == .article("parking"))
  }

  // What encoders are asked.

  @Test func `a certain rule never asks the encoder`() {
    var content = Desk.content()
    content.intents.append(Desk.intent("fire", "Fire", [], patterns: [#"\bon fire\b"#], answer: "Run."))
    let encoder = HashingEncoder()
    let matcher = Self.matcher([encoder], content)
    encoder.forget()
    #expect(Desk.decide(matcher, "my oven is on fire").matched == .intent("fire"))
    #expect(encoder.calls == 0)
    _ = Desk.decide(matcher, "my camera is broken")
    #expect(encoder.calls > 0)
  }

  @Test func `what is sent to an encoder names neither handles nor long numbers`() {
    let encoder = HashingEncoder()
    let matcher = Self.matcher([encoder])
    encoder.forget()
    _ = Desk.decide(matcher, "@uma.secret paid 123456789 for a camera rental")
    #expect(!encoder.asked.isEmpty)
    #expect(encoder.asked.allSatisfy { !$0.contains("uma") && !$0.contains("123456789") })
  }

  @Test func `a word that an encoder knows brings a question home that shares no letter with its lines`() {
    let encoder = HashingEncoder(synonyms: ["vehicle": "car", "automobile": "car", "stow": "park"])
    let matcher = Self.matcher([encoder])
    #expect(Desk.decide(matcher, "where can i stow my vehicle").candidates.first?.id == .article("parking"))
  }

  // Languages.

  @Test func `an encoder of English alone is not heard on a Spanish question where another one knows Spanish`() {
    // To the English one the Spanish words are those of another topic.
    let english = HashingEncoder(
      name: "english", version: "english", languages: ["en"],
      synonyms: ["dónde": "wifi", "puedo": "password", "aparcar": "wireless", "coche": "network"])
    let both = HashingEncoder(
      name: "both", version: "both", languages: ["en", "es"],
      synonyms: ["dónde": "where", "puedo": "can", "aparcar": "park", "mi": "my", "coche": "car"])
    let matcher = Self.matcher([english, both])
    let decision = Desk.decide(matcher, "dónde puedo aparcar mi coche", language: "es")
    #expect(decision.candidates.first?.id == .article("parking"))
    // Where it is the only one it is heard.
    let alone = Self.matcher([english])
    #expect(Desk.decide(alone, "dónde puedo aparcar mi coche", language: "es").candidates.first?.id == .article("wifi"))
  }

  @Test func `an English question hears all encoders`() {
    let english = HashingEncoder(name: "english", version: "english", languages: ["en"])
    let both = HashingEncoder(name: "both", version: "both", languages: ["en", "es"])
    let matcher = Self.matcher([english, both])
    let text = matcher.ranker.analyzeQuestion("where can i park my car", language: "en")
    let best = matcher.ranker.rank(text).first
    #expect(best?.signals.meanings.count == 2)
    #expect(best?.signals.meanings.allSatisfy { $0.line > 0.98 } == true)
  }

  // Purity.

  @Test func `the same question gets the same decision, whenever and by another matcher`() {
    let (one, other) = (Self.matcher([HashingEncoder()]), Self.matcher([HashingEncoder()]))
    let first = Desk.decisions(one)
    #expect(Desk.decisions(one) == first)
    #expect(Desk.decisions(other) == first)
    #expect(one.lesson == other.lesson)
  }

  @Test func `several threads at once get the same decisions`() {
    let matcher = Self.matcher([HashingEncoder()])
    let first = Desk.decisions(matcher)
    let found = Mutex<[[Decision]]>([])
    DispatchQueue.concurrentPerform(iterations: 4) { _ in
      let decisions = Desk.decisions(matcher)
      found.withLock { $0.append(decisions) }
    }
    #expect(found.withLock { $0 }.allSatisfy { $0 == first })
  }

  @Test func `a matcher from the cache decides as a fresh one, bit for bit`() {
    let cache = MemoryModelCache()
    let fresh = Self.matcher([HashingEncoder()], cache: cache)
    let encoder = HashingEncoder()
    let kept = Self.matcher([encoder], cache: cache)
    #expect(encoder.calls == 0)
    #expect(Desk.decisions(kept) == Desk.decisions(fresh))
    // A workspace that grew, from the cache of the smaller one and without any.
    let growing = MemoryModelCache()
    _ = Self.matcher([HashingEncoder()], Desk.content(4), cache: growing)
    let grown = Self.matcher([encoder], cache: growing)
    #expect(Desk.decisions(grown) == Desk.decisions(fresh))
    #expect(grown.lesson == fresh.lesson)
  }

  @Test func `the order of the files decides nothing but ties`() {
    var content = Desk.content()
    content.intents.reverse()
    content.articles.reverse()
    content.outOfScope.reverse()
    let (one, other) = (Self.matcher([HashingEncoder()]), Self.matcher([HashingEncoder()], content))
    for question in Desk.questions {
      let (first, second) = (Desk.decide(one, question), Desk.decide(other, question))
      #expect(first.matched == second.matched)
      #expect(abs(first.confidence - second.confidence) < 0.02)
    }
  }

  // Held out.

  @Test(arguments: [0, 1, 2])
  func `a unit that is held out never speaks for itself`(_ encoders: Int) {
    let matcher = Self.matcher(
      (0..<encoders).map { HashingEncoder(name: "e\($0)", version: "e\($0)") })
    let ranker = matcher.ranker
    for unit in ranker.heldOutScores.plan.alone {
      let text = ranker.analyzer.analyze(ranker.writing.text(of: unit), language: "en")
      for topic in ranker.rank(text, heldOut: Ranker.HeldOut(unit: unit, withTopic: false)) {
        #expect(topic.unit != unit)
        // No two lines of the desk are the same, so that nothing else is that near.
        #expect(topic.signals.best < 0.95 && topic.signals.meanings.allSatisfy { $0.line < 0.95 })
      }
    }
  }

  @Test(arguments: [0, 1])
  func `a topic that is held out is not among the ranked`(_ encoders: Int) {
    let ranker = Self.matcher((0..<encoders).map { _ in HashingEncoder() }).ranker
    let plan = ranker.heldOutScores.plan
    #expect(!plan.withoutTopic.isEmpty)
    for unit in plan.withoutTopic where unit < ranker.writing.lines.count {
      let text = ranker.analyzer.analyze(ranker.writing.text(of: unit), language: "en")
      let ranked = ranker.rank(text, heldOut: Ranker.HeldOut(unit: unit, withTopic: true))
      #expect(!ranked.contains { $0.topic == ranker.writing.topic(of: unit) })
    }
  }

  // What may be sent.

  private static let withheld: [Article] = [
    Desk.article(
      "staff", "Vault of the staff", [], "The vault opens with code seven. Interns never enter the vault alone.",
      audience: .staff),
    Desk.article(
      "over", "Winter gala", [], "The winter gala takes place in the ballroom. Gowns are lent for the winter gala.",
      until: CalendarDay(year: 2026, month: 11, day: 1)),
    Desk.article(
      "japan", "Consumption levy", [],
      "The consumption levy is withheld by the office in Osaka. It is paid back in spring.", regions: ["JP"]),
    Desk.article(
      "france", "Social levy", [], "The social levy is withheld by the office in Lyon. It is paid back in autumn.",
      regions: ["FR"]),
  ]

  @Test(arguments: [0, 1])
  func `what may not be sent speaks neither by lines nor by passages`(_ encoders: Int) {
    let matcher = Self.matcher((0..<encoders).map { _ in HashingEncoder() }, Desk.content(articles: Self.withheld))
    #expect(matcher.ranker.writing.passages.contains { $0.candidate == .article("japan") })
    #expect(!matcher.ranker.writing.passages.contains { $0.candidate == .article("staff") })
    for (text, id, region) in [
      ("The vault opens with code seven", "staff", nil), ("Vault of the staff", "staff", nil),
      ("gowns are lent for the winter gala", "over", nil), ("winter gala", "over", nil),
      ("is the consumption levy withheld by the office in osaka", "japan", "FR"), ("consumption levy", "japan", "FR"),
      ("is the social levy withheld by the office in lyon", "france", "JP"),
    ] as [(String, String, String?)] {
      let decision = Desk.decide(matcher, text, region: region)
      #expect(!decision.candidates.contains { $0.id == .article(id) }, "\(text)")
      #expect(!decision.explanation.contains { $0.source?.hasPrefix("knowledge/\(id)") == true }, "\(text)")
      #expect(decision.reply?.markdown(ticket: 1).contains(matcher.catalogue.articles[id]?.body ?? "?") != true)
    }
  }

  @Test(arguments: [0, 1])
  func `what may not be sent takes nothing from what may`(_ encoders: Int) {
    let matcher = Self.matcher((0..<encoders).map { _ in HashingEncoder() }, Desk.content(articles: Self.withheld))
    let ranker = matcher.ranker
    for text in ["consumption levy withheld by the office in osaka", "winter gala gowns", "social levy"] {
      let asker = Asker(language: "en", region: "DE", day: Desk.asker.day)
      let ranked = ranker.rank(ranker.analyzeQuestion(text, language: "en")) {
        matcher.catalogue.availability(of: $0, to: asker) != .never
      }
      for topic in ranked {
        let members = matcher.catalogue.topics[topic.topic].members
        #expect(members.contains { matcher.catalogue.availability(of: $0, to: asker) != .never }, "\(text)")
      }
    }
  }

  // Size.

  @Test func `more topics than a classifier takes are still found by their words, and by what they mean`() {
    let articles = (0...TopicClassifier.mostTopics).map {
      Desk.article("thing\($0)", "Where thing\($0) is kept", [], "Look on shelf s\($0).")
    }
    let encoder = HashingEncoder(dimension: 96, synonyms: ["jacket": "thing1234", "boots": "thing4000"])
    let ranker = Self.matcher([encoder], Desk.content(articles: articles)).ranker
    #expect(ranker.classifier.landmarks == nil)
    for (text, id) in [
      ("where is thing77 kept", "thing77"), ("jacket", "thing1234"), ("boots", "thing4000"),
    ] {
      let best = ranker.rank(ranker.analyzeQuestion(text, language: "en")).first
      #expect(best?.unit.flatMap { ranker.writing.candidate(of: $0) } == .article(id), "\(text)")
    }
  }
}
