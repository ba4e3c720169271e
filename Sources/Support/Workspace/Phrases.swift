/// The bot's own sentences in one language, and the words by which it understands answers to them: one file of `phrases/`.
package struct Phrases: Sendable, Hashable, Codable {
  /// BCP 47.
  package var language: String
  package var isRightToLeft: Bool
  /// Seven from Sunday on; empty where the file names none.
  package var weekdays: [String]
  /// Twelve; empty where the file names none.
  package var months: [String]
  /// Language tag to its name, as it stands in `onlyIn`.
  package var languageNames: [String: String]
  /// Templates in Markdown, with the placeholders of their keys in braces.
  package var say: [Saying: String]
  package var hear: [Hearing: [String]]

  package init(
    language: String, isRightToLeft: Bool = false, weekdays: [String] = [], months: [String] = [],
    languageNames: [String: String] = [:], say: [Saying: String] = [:], hear: [Hearing: [String]] = [:]
  ) {
    self.language = language
    self.isRightToLeft = isRightToLeft
    self.weekdays = weekdays
    self.months = months
    self.languageNames = languageNames
    self.say = say
    self.hear = hear
  }

  /// These phrases, with what `others` lack taken from here: key by key, and nothing of a list is mixed.
  package func overridden(by others: Phrases) -> Phrases {
    Phrases(
      language: language, isRightToLeft: isRightToLeft || others.isRightToLeft,
      weekdays: others.weekdays.isEmpty ? weekdays : others.weekdays,
      months: others.months.isEmpty ? months : others.months,
      languageNames: languageNames.merging(others.languageNames) { $1 },
      say: say.merging(others.say) { $1 }, hear: hear.merging(others.hear) { $1 })
  }
}

extension Phrases {
  /// What the bot can say. The raw value is the key in the file.
  package enum Saying: String, Sendable, Hashable, Codable, CaseIterable {
    case ticketOpened = "ticket_opened"
    case ticketReopened = "ticket_reopened"
    case ticketAdded = "ticket_added"
    case whichOne = "which_one"
    case whichOfThese = "which_of_these"
    case whichRegion = "which_region"
    case regionNotUnderstood = "region_not_understood"
    case tellMeMore = "tell_me_more"
    case tooMany = "too_many"
    case greeting
    case outsideScope = "outside_scope"
    case cancelled
    /// In front of an answer that is not there in the asker's language.
    case onlyIn = "only_in"
    case slotAgain = "slot_again"
    case hintHandle = "hint_handle"
    case hintDate = "hint_date"
    case hintAmount = "hint_amount"
    case hintCountry = "hint_country"
    case hintEmail = "hint_email"
    case hintURL = "hint_url"
    case hintNumber = "hint_number"
    case hintOther = "hint_other"
    /// Two things of a list; a longer one is put together from the left.
    case list
    /// A moment by the desk's clock.
    case moment

    /// Each of them stands in the template, and no other does.
    package var placeholders: [String] {
      switch self {
      case .ticketOpened, .ticketReopened: ["ticket", "due"]
      case .ticketAdded: ["ticket"]
      case .whichOne, .whichOfThese: ["choices"]
      case .whichRegion, .regionNotUnderstood: ["regions"]
      case .onlyIn: ["language"]
      case .slotAgain: ["hint", "ask"]
      case .list: ["one", "other"]
      case .moment: ["weekday", "day", "month", "time", "zone"]
      case .tellMeMore, .tooMany, .greeting, .outsideScope, .cancelled, .hintHandle, .hintDate, .hintAmount,
        .hintCountry,
        .hintEmail, .hintURL, .hintNumber, .hintOther:
        []
      }
    }
  }

  /// What the bot listens for. The raw value is the key in the file.
  package enum Hearing: String, Sendable, Hashable, Codable, CaseIterable {
    case yes, no
    /// Words around a choice that say nothing: "the … one".
    case choiceFillers = "choice_fillers"
    case first, second, third, last
    case greetings
    /// Thanks, agreement, goodbye: what wants no answer.
    case thanks
    case smallTalkFillers = "small_talk_fillers"
    case cancel
    /// A person is wanted.
    case person
    /// Between two questions.
    case conjunctions
    /// Before a question, and no part of it.
    case leaders
    /// Among the openers, those that begin a story more often than a question.
    case storyOpeners = "story_openers"
    /// A question begins with them.
    case openers
    /// A question has them somewhere.
    case questionWords = "question_words"
    /// A question begins with them that goes on from the last.
    case followUps = "follow_ups"
    /// Words around a country, day or amount in a follow-up.
    case followUpFillers = "follow_up_fillers"
  }
}
