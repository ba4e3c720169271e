import Foundation
import Matching
import Support
import Testing

@Suite struct ConversationTests {
  typealias Sample = SampleProgramme

  @Test func `slots are asked for one at a time, and then the ticket opens`() {
    let first = Sample.decide("you paid me too little")
    #expect(first.kind == .collect)
    #expect(first.ticketEffects.isEmpty)
    let second = Sample.decide("@lucia.live", in: first.nextState)
    #expect(second.kind == .collect)
    let third = Sample.decide("250 USD", in: second.nextState)
    #expect(third.kind == .escalate)
    guard case .open(let draft) = third.ticketEffects.first else {
      Issue.record("no ticket")
      return
    }
    #expect(draft.queue == "payouts" && draft.priority == .high && draft.tags == ["money"])
    #expect(draft.slots == ["handle": "@lucia.live", "amount": "250 USD"])
    #expect(draft.question == "you paid me too little")
    #expect(third.nextState.pending == nil)
  }

  @Test func `what the first message says already is not asked for`() {
    let decision = Sample.decide("you paid me too little, @lucia.live expected 250 USD")
    #expect(decision.kind == .escalate)
  }

  @Test func `a slot that is not understood twice is taken as it is`() {
    var decision = Sample.decide("you paid me too little")
    decision = Sample.decide("it is about the one from last week", in: decision.nextState)
    #expect(decision.kind == .collect)
    decision = Sample.decide("the one i told you about", in: decision.nextState)
    #expect(decision.kind == .collect)
    guard case .slots(let filling) = decision.nextState.pending else {
      Issue.record("nothing pending")
      return
    }
    #expect(filling.filled["handle"] == "the one i told you about")
    #expect(filling.asking == "amount")
  }

  @Test func `a matter of safety goes before the slots`() {
    let asking = Sample.decide("you paid me too little")
    let decision = Sample.decide("he says he will hurt me", in: asking.nextState)
    #expect(decision.matched == .intent("threat"))
    #expect(decision.nextState.pending == nil)
  }

  @Test func `a question among the slots is answered, and the slot asked for again`() {
    let asking = Sample.decide("you paid me too little")
    let decision = Sample.decide("what is the smallest withdrawal?", in: asking.nextState)
    #expect(decision.matched == .article("payouts/minimum"))
    #expect(decision.reply?.markdown(ticket: nil).contains("@handle") == true)
    #expect(decision.nextState.pending == asking.nextState.pending)
  }

  @Test func `who asks for a person instead of answering gets the ticket, with what is known so far`() {
    let asking = Sample.decide("you paid me too little")
    let named = Sample.decide("@lucia.live", in: asking.nextState)
    let decision = Sample.decide("just let me talk to a human", in: named.nextState)
    guard case .open(let draft) = decision.ticketEffects.first else {
      Issue.record("no ticket")
      return
    }
    #expect(decision.ticketEffects.count == 1)
    #expect(draft.queue == "payouts" && draft.slots == ["handle": "@lucia.live"])
    #expect(draft.question == "you paid me too little\njust let me talk to a human")
    #expect(decision.nextState.pending == nil)
  }

  @Test func `cancel drops the question`() {
    let asking = Sample.decide("you paid me too little")
    let decision = Sample.decide("never mind", in: asking.nextState)
    #expect(decision.nextState.pending == nil)
    #expect(decision.ticketEffects.isEmpty)
  }

  @Test func `an article with regions asks for the region, then answers the one that holds there`() {
    let asked = Sample.decide("which tax form do i need")
    #expect(asked.kind == .clarify)
    let american = Sample.decide("we are in the US", in: asked.nextState)
    #expect(american.matched == .article("tax/us"))
    #expect(american.nextState.region == "US")
    let german = Sample.decide("Germany", in: asked.nextState)
    #expect(german.matched == .article("tax/eu"))
  }

  @Test func `a known region decides without asking`() {
    #expect(Sample.decide("which tax form do i need", region: "US").matched == .article("tax/us"))
    #expect(Sample.decide("which tax form in europe do i need", region: "FR").matched == .article("tax/eu"))
    #expect(Sample.decide("which tax form do i need", region: "JP").kind != .answer)
  }

  @Test(arguments: ["2", "the second one", "second", "option 2", "#2", "2nd", "Minimum amount for a withdrawal"])
  func `a choice is understood`(_ text: String) {
    let state = ConversationState(
      pending: .choice(question: "payout?", candidates: [.article("payouts/late"), .article("payouts/minimum")]))
    let decision = Sample.decide(text, in: state)
    #expect(decision.matched == .article("payouts/minimum"))
    #expect(decision.kind == .answer)
  }

  @Test func `none of the choices brings a person, with the question first asked`() {
    let state = ConversationState(
      pending: .choice(question: "payout?", candidates: [.article("payouts/late"), .article("payouts/minimum")]))
    let decision = Sample.decide("none of these", in: state)
    guard case .open(let draft) = decision.ticketEffects.first else {
      Issue.record("no ticket")
      return
    }
    #expect(draft.question == "payout?")
    #expect(draft.considered.count == 2)
  }

  @Test func `a rephrasing instead of a choice is decided anew`() {
    let state = ConversationState(
      pending: .choice(question: "payout?", candidates: [.article("payouts/late"), .article("payouts/minimum")]))
    let decision = Sample.decide("how do i appeal a violation", in: state)
    #expect(decision.matched == .article("violations/appeal"))
    #expect(decision.nextState.pending == nil)
  }

  @Test(arguments: ["thanks", "thank you so much!", "ok great", "thx 🙏", "got it, bye", "gracias"])
  func `thanks never opens a ticket nor goes onto one nor reopens one`(_ text: String) {
    for state in [
      ConversationState(),
      ConversationState(openTickets: [.init(number: 7, queue: "payouts")]),
      ConversationState(lastResolved: .init(number: 7, at: Sample.now.addingTimeInterval(-60))),
    ] {
      let decision = Sample.decide(text, in: state)
      #expect(decision.ticketEffects.isEmpty)
      #expect(decision.kind == .silent || decision.kind == .answer)
    }
  }

  @Test func `a conversation that a person has taken gets no automatic reply, and its messages go onto the ticket`() {
    let state = ConversationState(handler: .person(ticket: 3), openTickets: [.init(number: 3, queue: "payouts")])
    for text in ["why is my payout late", "talk to a human", "hello", "he will hurt me"] {
      let decision = Sample.decide(text, in: state)
      #expect(decision.kind == .silent)
      #expect(decision.reply == nil)
      #expect(decision.ticketEffects == [.append(ticket: 3)])
    }
  }

  @Test func `further messages go onto the open ticket, and no second one opens for lack of an answer`() {
    let state = ConversationState(openTickets: [.init(number: 5, queue: "general")])
    let more = Sample.decide("the studio software says code 0x80070057 after the update of windows", in: state)
    #expect(more.ticketEffects == [.append(ticket: 5)])
    #expect(more.reply?.markdown(ticket: nil).contains("#5") == true)
    let question = Sample.decide("how do i appeal", in: state)
    #expect(question.kind == .answer)
    #expect(question.ticketEffects == [.append(ticket: 5)])
  }

  @Test func `another matter for a person opens its own ticket, the same matter does not`() {
    let state = ConversationState(openTickets: [.init(number: 5, queue: "payouts")])
    let safety = Sample.decide("he will hurt me", in: state)
    guard case .open(let draft) = safety.ticketEffects.first else {
      Issue.record("no ticket")
      return
    }
    #expect(draft.queue == "safety")
    #expect(Sample.decide("you paid me too little", in: state).ticketEffects == [.append(ticket: 5)])
  }

  @Test func `what nothing answers soon after a ticket was resolved reopens it`() {
    let state = ConversationState(lastResolved: .init(number: 4, at: Sample.now.addingTimeInterval(-3600)))
    let decision = Sample.decide("the studio software crashes again with code 0x80070057 on windows", in: state)
    #expect(decision.ticketEffects == [.reopen(ticket: 4)])
    let later = ConversationState(lastResolved: .init(number: 4, at: Sample.now.addingTimeInterval(-30 * 24 * 3600)))
    let fresh = Sample.decide("the studio software crashes again with code 0x80070057 on windows", in: later)
    guard case .open = fresh.ticketEffects.first else {
      Issue.record("no new ticket")
      return
    }
  }

  @Test func `the ticket's reply names its number and when a person will answer`() {
    let decision = Sample.decide("i want to talk to a human")
    let reply = decision.reply?.markdown(ticket: 42) ?? ""
    #expect(reply.contains("#42"))
    #expect(reply.contains("Monday 23 November, 18:00 (UTC)"))
  }

  @Test func `a ticket holds the whole message, not just the sentence that asked for it`() {
    let text = "Our bonus for October looks strange to us. Can we speak with a person?"
    guard case .open(let draft) = Sample.decide(text).ticketEffects.first else {
      Issue.record("no ticket")
      return
    }
    #expect(draft.question == text)
  }

  @Test func `who asks for a person at once is not asked for details first, and gets one ticket`() {
    let decision = Sample.decide("You paid me too little this month. Can I talk to a human please?")
    #expect(decision.ticketEffects.count == 1)
    guard case .open(let draft) = decision.ticketEffects.first else {
      Issue.record("no ticket")
      return
    }
    #expect(draft.queue == "payouts" && draft.priority == .high)
    #expect(draft.question == "You paid me too little this month. Can I talk to a human please?")
    #expect(decision.nextState.pending == nil)
  }

  @Test func `a file goes onto the open ticket`() {
    let state = ConversationState(openTickets: [.init(number: 5, queue: "general")])
    let message = Sample.message("", attachments: [Attachment(name: "proof.png")])
    #expect(Sample.matcher.decide(message, in: state, at: Sample.now).ticketEffects == [.append(ticket: 5)])
  }
}
