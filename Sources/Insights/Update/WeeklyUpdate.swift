package import Foundation
package import Support

/// What happened in one week: a value, made from the log by `make`, and rendered in each `ReportFormat`.
/// Every list in it has a total order, so the same input gives the same value whatever order it came in.
package struct WeeklyUpdate: Sendable, Hashable {
  package var week: ISOWeek
  package var workspaceName: String
  /// In which days and hours are counted.
  package var timeZone: TimeZone
  /// Monday 00:00, and Monday 00:00 of the week after.
  package var start: Date
  package var end: Date
  /// The moment that open tickets are counted at.
  package var asOf: Date

  package var figures: WeekFigures
  /// Of the week before.
  package var before: WeekFigures
  /// Monday … Sunday.
  package var days: [DayFigures]
  /// Messages in by weekday (Monday first) and hour: 7 × 24.
  package var hours: [[Int]]

  /// What was asked about: the most asked first, those asked about only in the week before last.
  package var topics: [Topic]
  /// Questions that nothing in the workspace answered, alike ones together; the largest group first, at most 200.
  package var unanswered: [UnansweredGroup]
  /// How many questions that are in all.
  package var unansweredQuestions: Int
  package var openTickets: OpenTickets
  /// The most used first.
  package var articlesUsed: [ArticleUse]
  /// By title.
  package var articlesNeverUsed: [UnusedArticle]
  /// The most used first.
  package var languages: [LanguageCount]
}

/// The figures of one week that are compared with those of the week before.
package struct WeekFigures: Sendable, Hashable {
  package var volume: Volume
  package var outcomes: Outcomes
  /// Conversations in which something was asked and nothing was escalated, of those in which something was asked.
  package var withoutPerson: Ratio
  /// A message taken in to the bot's reply sent.
  package var botResponse: ResponseTimes?
  /// A ticket opened to a person's first reply, of tickets first replied to in the week.
  package var personResponse: ResponseTimes?
  /// Of those first replies, the ones within the time that the service level gives.
  package var repliedInTime: Ratio
  package var ticketsOpened: Int
  package var ticketsResolved: Int
  /// Replies that could not be sent and were given up or held.
  package var repliesHeld: Int
}

package struct Volume: Sendable, Hashable {
  package var messagesIn: Int
  /// Of people and of the bot.
  package var messagesOut: Int
  /// A message can ask several things.
  package var questions: Int
  package var conversations: Int
  package var agencies: Int
}

/// What became of the questions.
package struct Outcomes: Sendable, Hashable {
  package var answered = 0
  /// Which of these was meant, or a detail that is needed.
  package var askedBack = 0
  package var escalated = 0
  /// Small talk, thanks, and what was said while a person had the conversation.
  package var silent = 0

  package var all: Int { answered + askedBack + escalated + silent }
  /// Answered of all that needed something said: silence is not counted.
  package var deflection: Ratio { Ratio(answered, of: answered + askedBack + escalated) }

  mutating func add(_ kind: Decision.Kind) {
    switch kind {
    case .answer: answered += 1
    case .clarify, .collect: askedBack += 1
    case .escalate: escalated += 1
    case .silent: silent += 1
    }
  }
}

/// So many of so many.
package struct Ratio: Sendable, Hashable {
  package var part: Int
  package var whole: Int

  package init(_ part: Int, of whole: Int) {
    self.part = part
    self.whole = whole
  }

  /// 0…1; nil of nothing.
  package var share: Double? { whole > 0 ? Double(part) / Double(whole) : nil }
}

package struct DayFigures: Sendable, Hashable {
  package var day: CalendarDay
  package var messagesIn: Int
  package var outcomes: Outcomes
}
