package import Foundation

/// Everything about a conversation that a decision may depend on. A decision takes one and gives the next.
package struct ConversationState: Sendable, Hashable, Codable {
  /// Who answers: the bot, or a person who has taken a ticket of this conversation.
  package enum Handler: Sendable, Hashable, Codable {
    case bot
    case person(ticket: Int)
  }

  package var handler: Handler
  /// What the bot has asked and waits to hear.
  package var pending: PendingQuestion?
  /// Tickets of this conversation that are not resolved, oldest first.
  package var openTickets: [OpenTicket]
  /// The ticket resolved last, for a message that says it did not help.
  package var lastResolved: ResolvedTicket?
  /// Last language and region that the conversation gave away.
  package var language: String?
  package var region: String?
  /// What was answered last, for follow-ups.
  package var lastMatched: CandidateID?
  /// The question answered last, for "and for Brazil?". Absent in conversations kept by earlier versions.
  package var lastAnswered: AnsweredQuestion?
  /// Questions in a row that the bot could not place.
  package var misses: Int
  /// By sender id, of those who have written lately. Absent in conversations kept by earlier versions.
  package var paces: [String: SenderPace]?

  package init(
    handler: Handler = .bot, pending: PendingQuestion? = nil, openTickets: [OpenTicket] = [],
    lastResolved: ResolvedTicket? = nil, language: String? = nil, region: String? = nil,
    lastMatched: CandidateID? = nil, lastAnswered: AnsweredQuestion? = nil, misses: Int = 0,
    paces: [String: SenderPace]? = nil
  ) {
    self.handler = handler
    self.pending = pending
    self.openTickets = openTickets
    self.lastResolved = lastResolved
    self.language = language
    self.region = region
    self.lastMatched = lastMatched
    self.lastAnswered = lastAnswered
    self.misses = misses
    self.paces = paces
  }

  package struct AnsweredQuestion: Sendable, Hashable, Codable {
    /// The question, without what follow-ups have put in its place.
    package var text: String
    package var candidate: CandidateID
    package var at: Date
    package init(text: String, candidate: CandidateID, at: Date) {
      self.text = text
      self.candidate = candidate
      self.at = at
    }
  }

  package struct OpenTicket: Sendable, Hashable, Codable {
    package var number: Int
    package var queue: String
    package init(number: Int, queue: String) {
      self.number = number
      self.queue = queue
    }
  }

  package struct ResolvedTicket: Sendable, Hashable, Codable {
    package var number: Int
    package var at: Date
    package init(number: Int, at: Date) {
      self.number = number
      self.at = at
    }
  }
}

/// A question of the bot's own that it waits to hear the answer to.
package enum PendingQuestion: Sendable, Hashable, Codable {
  /// Which of these was meant by `question`? In the order in which they were numbered.
  case choice(question: String, candidates: [CandidateID])
  /// Slots of an intent, asked for one at a time.
  case slots(SlotFilling)
  /// In which region is the asker? `candidate` is what would be answered once it is known.
  case region(question: String, candidate: CandidateID)

  /// An intent half way through its slots.
  package struct SlotFilling: Sendable, Hashable, Codable {
    package var intent: String
    /// The message that started it.
    package var question: String
    /// Slot name to what the agency said.
    package var filled: [String: String]
    /// The slot asked for now.
    package var asking: String
    /// How often it has been asked for.
    package var attempts: Int

    package init(intent: String, question: String, filled: [String: String], asking: String, attempts: Int) {
      self.intent = intent
      self.question = question
      self.filled = filled
      self.asking = asking
      self.attempts = attempts
    }
  }
}
