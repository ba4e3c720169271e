import Bot
import Foundation
import Ledger
import Matching
import Support
import TestSupport
import Testing
import Workspace

/// What can be pressed under replies, from the decision over the ledger to the channel, and what comes of a press.
@Suite(.timeLimit(.minutes(1))) struct OfferTests {
  private static let workspace = LiveWorkspace(
    Matcher(PayoutArticles.content(phrases: ShippedPhrases.all)), problems: [])

  /// Takes messages in, decides them, and sends what comes of it.
  private func turn(_ poll: Poll, _ bench: Workbench, _ channel: ScriptedChannel) async throws {
    _ = try await bench.sqlite.receive(poll, from: "scripted", at: bench.time.now)
    while try await bench.decider(Self.workspace).decideBatch() > 0 {}
    try await bench.sender(channel).drain()
  }

  @Test(arguments: ["as its title", "as its number"])
  func `a question for which was meant offers the titles, and a press of one is its answer`(_ way: String) async throws
  {
    let bench = try Workbench()
    let channel = ScriptedChannel()
    try await turn(Poll(messages: [bench.message(PayoutArticles.vague)]), bench, channel)
    let question = try #require(channel.accepted.last)
    #expect(Set(question.choices) == Set(PayoutArticles.titles))
    #expect(!question.asksWhetherHelped)
    for (number, title) in question.choices.enumerated() { #expect(question.text.contains("\(number + 1). \(title)")) }
    let place = try #require(question.choices.firstIndex(of: PayoutArticles.titles[1]))
    let press = bench.message(way == "as its title" ? question.choices[place] : "\(place + 1)")
    try await turn(Poll(messages: [press]), bench, channel)
    let answer = try #require(channel.accepted.last)
    #expect(answer.text.contains("50 USD") && answer.asksWhetherHelped && answer.choices.isEmpty)
    let thumb = Reaction(
      id: "r", message: "sent:\(answer.idempotencyKey)", sender: press.sender, isHelpful: true, at: bench.time.now)
    try await turn(Poll(reactions: [thumb]), bench, channel)
    let feedback = try await bench.sqlite.feedback()
    #expect(feedback.map(\.matched) == [[.article("payouts/minimum")]])
    #expect(feedback.map(\.workspaceVersion) == ["v1"] && feedback.first?.isHelpful == true)
  }

  @Test func `only what comes from an article is asked about`() async throws {
    let bench = try Workbench()
    let channel = ScriptedChannel()
    for text in ["opening hours", "hello", "something that nothing in here could ever answer, about whales", "thanks"] {
      try await turn(Poll(messages: [bench.message(text, room: text)]), bench, channel)
    }
    #expect(channel.accepted.count == 3)
    #expect(channel.accepted.allSatisfy { !$0.asksWhetherHelped && $0.choices.isEmpty })
    try await turn(Poll(messages: [bench.message("how do i appeal")]), bench, channel)
    #expect(channel.accepted.last?.asksWhetherHelped == true)
  }

  @Test func `an edited question gives its answer other buttons, or none`() async throws {
    let bench = try Workbench()
    let channel = ScriptedChannel()
    let asked = bench.message(PayoutArticles.vague)
    try await turn(Poll(messages: [asked]), bench, channel)
    let titles = try #require(channel.accepted.last?.choices)
    for (text, offer) in [("how do i appeal", ReplyOffer(asksWhetherHelped: true)), ("opening hours", ReplyOffer())] {
      let before = try #require(channel.accepted.last)
      var edit = bench.message(text)
      edit.editOf = asked.id.id
      try await turn(Poll(messages: [edit]), bench, channel)
      let reply = try #require(channel.accepted.last)
      #expect(reply.replaces == ["sent:\(before.idempotencyKey)"])
      #expect(ReplyOffer(choices: reply.choices, asksWhetherHelped: reply.asksWhetherHelped) == offer)
      #expect(
        reply.replacedOffer == ReplyOffer(choices: before.choices, asksWhetherHelped: before.asksWhetherHelped))
    }
    #expect(titles.count == 2 && channel.accepted.count == 3)
  }

  @Test func `a reply that is tried again and one that is released have the buttons they had`() async throws {
    let bench = try Workbench()
    let refusing = ScriptedChannel { _, before in throw before == 0 ? ChannelError.unreachable : ChannelError.refused }
    try await turn(Poll(messages: [bench.message(PayoutArticles.vague)]), bench, refusing)
    bench.time.advance(by: 3_600)
    try await bench.sender(refusing).drain()
    let held = try #require(try await bench.sqlite.setAside(limit: 1).first?.reply)
    try await bench.sqlite.settle(held, as: .released, by: "Ines", at: bench.time.now)
    let channel = ScriptedChannel()
    try await bench.sender(channel).drain()
    let all = refusing.attempts + channel.accepted
    #expect(all.count == 3 && Set(all.map(\.choices)).count == 1 && all[0].choices.count == 2)
    #expect(Set(all.map(\.idempotencyKey)).count == 1)
  }
}
