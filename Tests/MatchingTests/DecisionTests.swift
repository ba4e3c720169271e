import Foundation
import Matching
import Support
import Testing

@Suite struct DecisionTests {
  @Test func `a question near an article's own is answered from it`() {
    let decision = SampleProgramme.decide("why is my payout so late")
    #expect(decision.kind == .answer)
    #expect(decision.reply?.markdown(ticket: nil).contains("by the 15th") == true)
    #expect(decision.workspaceVersion == "v1")
  }

  @Test func `a typo does not hide the question`() {
    #expect(SampleProgramme.decide("where can i apeal a bann").matched == .article("violations/appeal"))
  }

  @Test func `a pattern is certain, and the highest priority wins`() {
    let decision = SampleProgramme.decide("i will hurt myself, talk to a human")
    #expect(decision.matched == .intent("threat"))
    #expect(decision.confidence == 1)
    #expect(decision.explanation.first?.kind == .rule)
  }

  @Test func `keywords need every all, some any and no none`() {
    #expect(SampleProgramme.decide("payout late again").matched == .intent("payout-late"))
    #expect(SampleProgramme.decide("how late is the payout").explanation.first?.kind != .rule)
  }

  @Test func `an intent that names an article and the article are the same`() {
    #expect(SampleProgramme.matcher.catalogue.areSame(.intent("payout-late"), .article("payouts/late")))
    #expect(SampleProgramme.matcher.catalogue.areSame(.article("payouts/late.es"), .article("payouts/late")))
    #expect(!SampleProgramme.matcher.catalogue.areSame(.article("payouts/minimum"), .article("payouts/late")))
  }

  @Test func `what is out of scope is neither answered nor made a ticket`() {
    let decision = SampleProgramme.decide("what's the weather like in lisbon tomorrow")
    #expect(decision.kind == .clarify)
    #expect(decision.ticketEffects.isEmpty)
    #expect(decision.matched == nil)
  }

  @Test func `what nothing answers goes to a person`() {
    let decision = SampleProgramme.decide("the studio software keeps crashing with code 0x80070057 on windows")
    #expect(decision.kind == .escalate)
    guard case .open(let draft) = decision.ticketEffects.first else {
      Issue.record("no ticket")
      return
    }
    #expect(draft.queue == "general")
    #expect(draft.intent == nil)
  }

  @Test func `a staff article is never sent nor named to an agency`() {
    let decision = SampleProgramme.decide("how do i settle a payout dispute as an intern")
    #expect(decision.reply?.markdown(ticket: nil).contains("For staff only") != true)
    #expect(!decision.candidates.contains { $0.id == .article("staff/disputes") })
  }

  @Test func `an article that is over is not answered, and was before`() {
    #expect(SampleProgramme.decide("when is the autumn cup").matched != .article("campaigns/autumn"))
    let before = SampleProgramme.matcher.decide(
      SampleProgramme.message("when is the autumn cup"), in: ConversationState(),
      at: SampleProgramme.now.addingTimeInterval(-40 * 24 * 3600))
    #expect(before.matched == .article("campaigns/autumn"))
  }

  @Test func `the translation is sent to who asks in that language`() {
    #expect(SampleProgramme.decide("por qué se retrasa mi pago", language: "es").matched == .article("payouts/late.es"))
    let spanish = SampleProgramme.decide("why is my payout so late", language: "es-MX")
    #expect(spanish.reply?.markdown(ticket: nil).contains("antes del día 15") == true)
  }

  @Test func `every decision names its workspace, its evidence and its threshold`() {
    let kinds = Set(SampleProgramme.decide("how do i appeal").explanation.map(\.kind))
    #expect(kinds.isSuperset(of: [.line, .policy, .workspace]))
  }

  @Test func `the same arguments give the same decision`() {
    for text in ["why is my payout late", "hi", "appeal and payout?", "", "order me a pizza please"] {
      let again = Matcher(SampleProgramme.content)
      #expect(
        SampleProgramme.decide(text)
          == again.decide(SampleProgramme.message(text), in: ConversationState(), at: SampleProgramme.now))
    }
  }

  @Test func `several questions in one message each get a part`() {
    let decision = SampleProgramme.decide("How do I appeal a ban? And what is the smallest withdrawal?")
    #expect(decision.parts.count == 2)
    #expect(decision.parts.map(\.matched) == [.article("violations/appeal"), .article("payouts/minimum")])
    let reply = decision.reply?.markdown(ticket: nil) ?? ""
    #expect(reply.contains("14 days") && reply.contains("50 USD"))
  }

  @Test func `a question before "and" that is not sure is asked back, not dropped`() {
    let decision = SampleProgramme.decide("where do the sparks of viewers go and what is the smallest withdrawal")
    #expect(decision.parts.count == 2)
    #expect(decision.parts.last?.matched == .article("payouts/minimum"))
  }

  @Test func `a second question that nothing answers is not dropped`() {
    let decision = SampleProgramme.decide(
      "How do I appeal a ban? And can the studio software run on a raspberry pi with linux?")
    #expect(decision.parts.count == 2)
    #expect(decision.parts.first?.kind == .answer)
    #expect(decision.parts.last?.kind != .answer && decision.parts.last?.kind != .silent)
  }

  @Test(arguments: [
    "", " ", "\u{0}", "\u{202E}\u{200B}", "🙂🙂🙂", "???", String(repeating: "a", count: 60_000),
    String(repeating: "why? ", count: 10_000), "\\p{L}(*)+?[", "{{ticket}}", "<script>alert(1)</script>",
  ])
  func `hostile text is decided like any other`(_ text: String) {
    let decision = SampleProgramme.decide(text)
    #expect(decision.parts.isEmpty == false)
    #expect(decision.matched == nil || decision.confidence > 0)
  }

  @Test func `a handful of lines teaches nothing absurd`() {
    let place = SourceLocation(file: "x.yml")
    func intent(_ id: String, _ title: String, _ pattern: String) -> Intent {
      Intent(
        id: id, title: title, language: "en", patterns: [AuthoredLine(pattern, at: place)], action: .answer(title),
        location: place)
    }
    let tiny = Matcher(
      WorkspaceContent(
        intents: [
          intent("opening-hours", "Opening hours", "opening hours"), intent("parking", "Parking", "parking"),
          intent("wifi", "Wireless network", "wifi"),
        ],
        articles: [
          Article(
            id: "return-light", title: "How to return a ring light", language: "en",
            body: "Pack it and send it back within 14 days.", location: place),
          Article(
            id: "lost-badge", title: "I lost my badge",
            questions: [AuthoredLine("where do i get a new badge", at: place)],
            language: "en", body: "Ask at the front desk for a new one.", location: place),
        ]))
    func matched(_ text: String) -> CandidateID? {
      tiny.decide(SampleProgramme.message(text), in: ConversationState(), at: SampleProgramme.now).matched
    }
    #expect(matched("how to return a ring light") == .article("return-light"))
    #expect(matched("where do i get a new badge") == .article("lost-badge"))
    #expect(matched("my camera shows a blue screen since monday") == nil)
  }
}
