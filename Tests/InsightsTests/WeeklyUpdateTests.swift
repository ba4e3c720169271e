import Foundation
import Insights
import Support
import TestSupport
import Testing

@Suite struct WeeklyUpdateTests {
  @Test func `the week of the tests begins on its Monday`() throws {
    #expect(try ISOWeek(Log.week).start(in: .gmt) == Log.monday)
  }

  @Test func `an empty week has no shares, no times and no changes, and is rendered in every format`() throws {
    let update = try Log.update()
    #expect(update.figures == update.before)
    #expect(update.figures.outcomes.deflection.share == nil)
    #expect(update.figures.botResponse == nil && update.figures.personResponse == nil)
    #expect(update.figures.repliedInTime.share == nil && update.figures.withoutPerson.share == nil)
    #expect(update.days.count == 7 && update.hours.joined().allSatisfy { $0 == 0 })
    #expect(update.asOf == update.end)
    for format in ReportFormat.allCases {
      let text = update.rendered(as: format)
      #expect(text.contains("2026-W47"))
      #expect(!text.contains(/\b(nan|inf)\b/.ignoresCase()))
    }
    #expect(update.rendered(as: .markdown).contains("Nobody wrote this week."))
  }

  @Test func `a week with one message`() throws {
    let update = try Log.update([Log.answered(1, .article("a"), at: 9 * 3600)], articles: [Log.article("a")])
    let volume = update.figures.volume
    #expect((volume.messagesIn, volume.messagesOut, volume.questions) == (1, 0, 1))
    #expect((volume.conversations, volume.agencies) == (1, 1))
    #expect(update.figures.outcomes.deflection == Ratio(1, of: 1))
    #expect(update.hours[0][9] == 1)
    #expect(update.topics.map(\.change) == [.new])
    #expect(update.articlesNeverUsed.isEmpty)
    #expect(update.rendered(as: .markdown).contains("1 question from 1 agency."))
  }

  @Test func `the first and the last moment of the week count, the next one and the one before do not`() throws {
    let update = try Log.update([
      Log.answered(1, .intent("a"), at: -0.001), Log.answered(2, .intent("a"), at: 0),
      Log.answered(3, .intent("a"), at: 7 * 86_400 - 0.001), Log.answered(4, .intent("a"), at: 7 * 86_400),
      Log.answered(5, .intent("a"), at: -7 * 86_400), Log.answered(6, .intent("a"), at: -7 * 86_400 - 1),
    ])
    #expect(update.figures.volume.messagesIn == 2)
    #expect(update.before.volume.messagesIn == 2)
    #expect(update.days.map(\.messagesIn) == [1, 0, 0, 0, 0, 0, 1])
  }

  @Test func `each question of a message is counted, and clarify and collect are both asking back`() throws {
    let parts = Decision.Kind.allCases.map { Decision.Part(text: $0.rawValue, kind: $0, matched: .intent("i")) }
    var untaken = Log.message(2, [])
    untaken.decision = .escalate
    let update = try Log.update([Log.message(1, parts), untaken])
    let outcomes = update.figures.outcomes
    #expect((outcomes.answered, outcomes.askedBack, outcomes.escalated, outcomes.silent) == (1, 2, 2, 1))
    #expect(outcomes.deflection == Ratio(1, of: 5))
    #expect(update.figures.volume.questions == 6)
    #expect(update.figures.withoutPerson == Ratio(0, of: 1))
  }

  @Test func `percentiles are by nearest rank, as counting shows`() throws {
    var random = SeededGenerator(seed: 1)
    for count in 1...120 {
      let values = (0..<count).map { _ in Double(Int.random(in: 0...40, using: &random)) }
      let replies = values.enumerated().map { Log.reply($0.offset + 1, milliseconds: $0.element * 1000) }
      let times = try #require(try Log.update(replies).figures.botResponse)
      #expect(times.count == count)
      for (percent, found) in [(50, times.p50), (90, times.p90)] {
        // The smallest value that so many do not exceed, found the slow way.
        let expected = values.filter { value in
          values.count { $0 <= value } * 100 >= percent * values.count
        }.min()
        #expect(found == expected)
      }
    }
  }

  @Test func `only the bot's sent replies count as its response, and a clock that jumped back as no time at all`()
    throws
  {
    let update = try Log.update([
      Log.reply(1, milliseconds: 100), Log.reply(2, milliseconds: -5), Log.reply(3, milliseconds: nil),
      Log.reply(4, milliseconds: 9, author: "Ines"), Log.reply(5, milliseconds: 9, result: .held),
      Log.reply(6, milliseconds: 9, result: .queued), Log.reply(7, milliseconds: .nan),
    ])
    let times = try #require(update.figures.botResponse)
    #expect((times.count, times.p50, times.p90) == (2, 0, 0.1))
    #expect(update.figures.repliesHeld == 1)
    #expect(update.figures.volume.messagesOut == 7)
  }

  @Test func `a person's first reply counts in the week in which it was given`() throws {
    let update = try Log.update(tickets: [
      Log.ticket(1, opened: -3600, replied: 3600),
      Log.ticket(2, opened: 0, due: 60, replied: 7200, resolved: 9000),
      Log.ticket(3, opened: 10, replied: 8 * 86_400),
      Log.ticket(4, opened: -90_000, replied: -86_400),
    ])
    let times = try #require(update.figures.personResponse)
    #expect((times.count, times.p50, times.p90) == (2, 7200, 7200))
    #expect(update.figures.repliedInTime == Ratio(1, of: 2))
    #expect(update.before.personResponse?.p50 == 3600)
    #expect((update.figures.ticketsOpened, update.figures.ticketsResolved) == (2, 1))
  }

  @Test func `an article, its translations and the intents that name them are one topic`() throws {
    let update = try Log.update(
      [
        Log.answered(1, .article("a")), Log.answered(2, .article("a-es")), Log.answered(3, .intent("i-es")),
        Log.answered(4, .intent("other")), Log.answered(5, .article("gone-file")),
        Log.answered(6, .intent("old"), at: -1),
        Log.message(7, [Decision.Part(text: "thanks", kind: .silent, matched: .intent("thanks"))]),
      ],
      intents: [Log.intent("i-es", .article("a-es")), Log.intent("other", .answer("x"))],
      articles: [
        Log.article("a", title: "Title A"), Log.article("a-es", title: "Título", translationOf: "a"),
        Log.article("b", title: "B"),
      ])
    #expect(update.topics.map(\.id.description) == ["article:a", "article:gone-file", "intent:other", "intent:old"])
    #expect(update.topics.map(\.count) == [3, 1, 1, 0])
    #expect(update.topics.map(\.title).first == "Title A")
    #expect(update.topics.map(\.change) == [.new, .new, .new, .gone])
    #expect(update.articlesUsed.map(\.id) == ["a", "gone-file"])
    #expect(update.articlesNeverUsed.map(\.id) == ["b"])
  }

  @Test func `translations that point at each other end in one topic, and in no endless loop`() throws {
    let ring = [
      Log.article("x", translationOf: "y"), Log.article("y", translationOf: "z"), Log.article("z", translationOf: "x"),
      Log.article("self", translationOf: "self"), Log.article("lost", translationOf: "nowhere"),
    ]
    let update = try Log.update(
      [Log.answered(1, .article("z")), Log.answered(2, .article("y")), Log.answered(3, .article("x"))], articles: ring)
    #expect(update.topics.map(\.id.description) == ["article:x"])
    #expect(update.articlesNeverUsed.map(\.id) == ["lost", "self"])
  }

  @Test func `staff articles and those not valid in the week are not among the never used`() throws {
    let update = try Log.update(articles: [
      Log.article("staff", audience: .staff), Log.article("ended", until: "2026-11-16"),
      Log.article("ends", until: "2026-11-17"), Log.article("begins", from: "2026-11-22"),
      Log.article("later", from: "2026-11-23"),
    ])
    #expect(update.articlesNeverUsed.map(\.id) == ["begins", "ends"])
  }

  @Test func `an answer that the next question takes to a person is noted, within a day and in that conversation`()
    throws
  {
    func escalated(_ id: Int, at: Double, room: String) -> Interaction {
      Log.message(id, at: at, room: room, [Decision.Part(text: "?", kind: .escalate)])
    }
    let update = try Log.update([
      Log.answered(1, .article("a"), at: 0, room: "r1"), escalated(2, at: 86_400, room: "r1"),
      Log.answered(3, .article("a"), at: 0, room: "r2"), escalated(4, at: 86_401, room: "r2"),
      Log.answered(5, .article("a"), at: 0, room: "r3"), Log.answered(6, .article("b"), at: 5, room: "r3"),
      escalated(7, at: 9, room: "r3"), escalated(8, at: 10, room: "r3"),
    ])
    #expect(update.articlesUsed.map { [$0.count, $0.followedByPerson] } == [[3, 1], [1, 1]])
  }

  @Test func `open tickets are aged at the last event, or at the end of a week that is over`() throws {
    let tickets = [
      Log.ticket(1, opened: -8 * 86_400), Log.ticket(2, opened: 0, priority: .urgent),
      Log.ticket(3, opened: 86_400, replied: 90_000), Log.ticket(4, opened: 100, resolved: 2 * 86_400),
      Log.ticket(5, opened: 200, resolved: 9 * 86_400), Log.ticket(6, opened: 8 * 86_400),
    ]
    let running = try Log.update(tickets: tickets)
    #expect(running.asOf == Log.monday.addingTimeInterval(2 * 86_400))
    #expect(OpenTickets.Age.allCases.map { running.openTickets.count($0) } == [0, 3, 0, 1])
    #expect(running.openTickets.overdue == 3)
    #expect(running.openTickets.oldest.map(\.number) == [1, 2, 5, 3])
    let over = try Log.update(tickets: tickets, isOver: true)
    #expect(over.asOf == over.end)
    #expect(OpenTickets.Age.allCases.map { over.openTickets.count($0) } == [0, 0, 2, 2])
    #expect(over.openTickets.cells.map(\.count).reduce(0, +) == over.openTickets.count)
  }

  @Test func `what happens after a week changes nothing in its update`() throws {
    let sample = try SampleWeek()
    let before = sample.update()
    var later = sample.tickets
    for index in later.indices where later[index].resolvedAt == nil {
      later[index].state = .resolved
      later[index].updatedAt = before.end.addingTimeInterval(90_000)
      later[index].resolvedAt = before.end.addingTimeInterval(90_000)
      later[index].firstResponseAt = later[index].firstResponseAt ?? before.end.addingTimeInterval(80_000)
    }
    let after = WeeklyUpdate.make(
      week: sample.week, workspaceName: "Northlight", timeZone: sample.timeZone,
      interactions: sample.interactions + [Log.answered(99_999, .intent("x"), at: 8 * 86_400)], tickets: later,
      intents: sample.intents, articles: sample.articles)
    #expect(after == before)
  }

  @Test func `the same input in any order gives the same bytes`() throws {
    let sample = try SampleWeek()
    let expected = ReportFormat.allCases.map { Array(sample.update().rendered(as: $0).utf8) }
    for seed in UInt64(1)...12 {
      let shuffled = sample.update(shuffledWith: SeededGenerator(seed: seed))
      #expect(ReportFormat.allCases.map { Array(shuffled.rendered(as: $0).utf8) } == expected)
    }
  }

  @Test func `hours and days are those on the wall, also when the clocks go back`() throws {
    let zone = try #require(TimeZone(identifier: "Europe/Berlin"))
    let week = try ISOWeek("2026-W43")
    // 02:30 comes twice on Sunday, 25 October: at 00:30 and at 01:30 UTC.
    let twice = try ["2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z", "2026-10-25T22:59:59Z"].enumerated().map {
      var message = Log.answered($0.offset + 1, .intent("i"))
      message.at = try Date($0.element, strategy: .iso8601)
      return message
    }
    let update = WeeklyUpdate.make(
      week: week, workspaceName: "N", timeZone: zone, interactions: twice, tickets: [], intents: [], articles: [])
    #expect(update.hours[6][2] == 2 && update.hours[6][23] == 1)
    #expect(update.days[6].messagesIn == 3)
  }
}
