package import Foundation
package import Support

/// Something that was asked about: an article with its translations and the intents that name it, or another intent.
package struct Topic: Sendable, Hashable {
  package enum Change: String, Sendable, Hashable {
    case new, more, same, fewer, gone
  }

  package var id: CandidateID
  package var title: String
  /// Questions in the week, and in the week before.
  package var count: Int
  package var before: Int

  package var change: Change {
    switch (count, before) {
    case (0, _): .gone
    case (_, 0): .new
    case let (now, then): now == then ? .same : now > then ? .more : .fewer
    }
  }
}

/// Questions that nothing answered and that ask much the same.
package struct UnansweredGroup: Sendable, Hashable {
  /// The most central of them, in one line.
  package var label: String
  package var count: Int
  package var agencies: Int
  /// How many were escalated; the others were asked back.
  package var escalated: Int
  /// Up to three others, each in one line.
  package var examples: [String]
}

/// Tickets that were neither resolved nor closed at a moment.
package struct OpenTickets: Sendable, Hashable {
  package enum Age: String, Sendable, Hashable, CaseIterable {
    case underOneDay = "<1d"
    case oneToTwoDays = "1-2d"
    case threeToSixDays = "3-6d"
    case sevenDaysOrMore = "7d+"

    /// By whole days of 24 hours.
    init(seconds: TimeInterval) {
      switch seconds {
      case ..<86_400: self = .underOneDay
      case ..<259_200: self = .oneToTwoDays
      case ..<604_800: self = .threeToSixDays
      default: self = .sevenDaysOrMore
      }
    }

    package var name: String {
      switch self {
      case .underOneDay: "under 1 day"
      case .oneToTwoDays: "1–2 days"
      case .threeToSixDays: "3–6 days"
      case .sevenDaysOrMore: "7 days or more"
      }
    }
  }

  /// One queue, one priority, one age.
  package struct Cell: Sendable, Hashable {
    package var age: Age
    package var queue: String
    package var priority: TicketPriority
    package var count: Int
  }

  package struct Entry: Sendable, Hashable {
    package var number: Int
    package var agency: String
    package var queue: String
    package var priority: TicketPriority
    /// In one line.
    package var question: String
    package var openedAt: Date
    package var isOverdue: Bool
  }

  /// Youngest age first, then queue, then the most urgent. No cell is empty.
  package var cells: [Cell]
  /// The ten that have waited longest.
  package var oldest: [Entry]
  /// Without a person's reply, past the time that the service level gives.
  package var overdue: Int

  package var count: Int { cells.reduce(0) { $0 + $1.count } }
  package func count(_ age: Age) -> Int { cells.reduce(0) { $0 + ($1.age == age ? $1.count : 0) } }
  package func count(_ age: Age, _ priority: TicketPriority) -> Int {
    cells.reduce(0) { $0 + ($1.age == age && $1.priority == priority ? $1.count : 0) }
  }
}

package struct ArticleUse: Sendable, Hashable {
  package var id: String
  package var title: String
  /// Answers sent with it or one of its translations.
  package var count: Int
  package var before: Int
  /// Answers after which the same conversation's next question, within a day, went to a person.
  package var followedByPerson: Int
}

package struct UnusedArticle: Sendable, Hashable {
  package var id: String
  package var title: String
}

package struct LanguageCount: Sendable, Hashable {
  /// BCP 47; `und` where it is not known.
  package var language: String
  /// Messages in.
  package var count: Int
  package var before: Int
}
