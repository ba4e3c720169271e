import Foundation
import Matching
import Support
import Testing
import Workspace

@Suite struct FollowUpTests {
  typealias Sample = SampleProgramme

  private func after(_ question: String, language: String? = nil, region: String? = nil) -> ConversationState {
    var state = Sample.decide(question, language: language, region: region).nextState
    state.region = nil
    return state
  }

  @Test(arguments: [
    "and for Germany?", "what about the EU?", "and in France", "how about Spain?", "Germany?", "same for Italy?",
    "and for DE?",
  ])
  func `a follow-up about a region is the last question there`(_ message: String) {
    let state = after("which tax form do i need", region: "US")
    #expect(state.lastAnswered?.candidate == .article("tax/us"))
    let decision = Sample.decide(message, in: state)
    #expect(decision.matched == .article("tax/eu"), "\(decision.explanation.map(\.text))")
    #expect(decision.explanation.contains { $0.kind == .followUp })
    // For this decision only: the asker has not moved.
    #expect(decision.nextState.region == nil)
  }

  @Test(arguments: [
    ("es", "¿y para Alemania?"), ("pt", "e para a Alemanha?"), ("id", "kalau untuk Jerman?"),
    ("tr", "peki ya Almanya için?"),
    ("tr", "peki Almanya'da?"), ("de", "und für Deutschland?"), ("fr", "et pour l'Allemagne ?"),
    ("ar", "وماذا عن ألمانيا؟"),
    ("ar", "وبالنسبة لألمانيا؟"), ("th", "แล้วเยอรมนีล่ะ"), ("ja", "ドイツの場合は？"), ("ko", "그럼 독일은요?"),
    ("vi", "còn ở Đức thì sao?"),
  ])
  func `a follow-up is understood in every language`(language: String, message: String) {
    var state = after("which tax form do i need", region: "US")
    state.language = language
    let decision = Sample.decide(message, in: state, language: language)
    #expect(decision.matched == .article("tax/eu"), "\(decision.explanation.map(\.text))")
  }

  @Test func `a region where nothing holds goes to a person with both halves of the question`() {
    let state = after("which tax form do i need", region: "US")
    let decision = Sample.decide("and for Brazil?", in: state)
    #expect(decision.matched != .article("tax/us") && decision.matched != .article("tax/eu"))
    if case .open(let draft) = decision.ticketEffects.first {
      #expect(draft.question == "which tax form do i need\nand for Brazil?")
    }
  }

  @Test func `one follow-up after another goes on from the same question`() {
    let state = after("which tax form do i need", region: "US")
    let second = Sample.decide("and for Germany?", in: state)
    let third = Sample.decide("and for the US?", in: second.nextState)
    #expect(third.matched == .article("tax/us"))
  }

  @Test func `half an hour later a message stands on its own`() {
    var state = after("which tax form do i need", region: "US")
    state.lastAnswered?.at = Sample.now.addingTimeInterval(-31 * 60)
    #expect(Sample.decide("and for Germany?", in: state).matched != .article("tax/eu"))
  }

  @Test func `an answer from the future is none to go on from`() {
    var state = after("which tax form do i need", region: "US")
    state.lastAnswered?.at = Sample.now.addingTimeInterval(60)
    #expect(Sample.decide("and for Germany?", in: state).matched != .article("tax/eu"))
  }

  @Test func `what is understood on its own is no follow-up`() {
    let state = after("which tax form do i need", region: "US")
    let decision = Sample.decide("and how do i appeal a ban?", in: state)
    #expect(decision.matched == .article("violations/appeal"))
    #expect(!decision.explanation.contains { $0.kind == .followUp })
  }

  @Test func `another matter that went to a person ends it`() {
    let state = after("which tax form do i need", region: "US")
    let other = Sample.decide("talk to a human", in: state)
    #expect(other.nextState.lastAnswered == nil)
  }

  @Test func `small talk in between does not end it`() {
    let state = Sample.decide("thanks", in: after("which tax form do i need", region: "US")).nextState
    #expect(Sample.decide("and for Germany?", in: state).matched == .article("tax/eu"))
  }

  @Test func `the same answer is not given twice for a little more`() {
    let state = after("what is the smallest withdrawal")
    let decision = Sample.decide("and with 20 USD?", in: state)
    #expect(!decision.explanation.contains { $0.kind == .followUp })
  }

  @Test func `an article that has left the workspace is none to go on from`() {
    var state = after("which tax form do i need", region: "US")
    state.lastAnswered?.candidate = .article("gone")
    #expect(Sample.decide("and for Germany?", in: state).matched != .article("gone"))
  }

  @Test func `a conversation kept by an earlier version is read`() throws {
    let kept = #"{"handler":{"bot":{}},"openTickets":[],"misses":1,"language":"es"}"#
    let state = try JSONDecoder().decode(ConversationState.self, from: Data(kept.utf8))
    #expect(state.language == "es" && state.misses == 1 && state.lastAnswered == nil)
    var now = state
    now.lastAnswered = .init(text: "a", candidate: .article("b"), at: Sample.now)
    let back = try JSONDecoder().decode(ConversationState.self, from: JSONEncoder().encode(now))
    #expect(back == now)
  }
}
