package import Foundation

package enum TicketPriority: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
  case low, normal, high, urgent

  package static func < (one: TicketPriority, other: TicketPriority) -> Bool {
    (allCases.firstIndex(of: one) ?? 0) < (allCases.firstIndex(of: other) ?? 0)
  }
}

package enum TicketState: String, Sendable, Hashable, Codable, CaseIterable {
  case new
  case open
  case waitingOnAgency = "waiting-on-agency"
  case onHold = "on-hold"
  case resolved
  case closed

  /// Neither resolved nor closed: somebody still has to do something.
  package var isActive: Bool { self != .resolved && self != .closed }
}

/// A ticket that a decision wants opened; the ledger gives it its number.
package struct TicketDraft: Sendable, Hashable, Codable {
  package var queue: String
  package var priority: TicketPriority
  package var tags: [String]
  /// What was asked for before it opened.
  package var slots: [String: String]
  /// In the agency's own words.
  package var question: String
  /// What the bot had thought of, best first.
  package var considered: [Candidate]
  /// The intent that asked for it; nil when it opens for lack of an answer.
  package var intent: String?
  /// When a person should have replied, by the service level of its priority.
  package var firstResponseDue: Date
  package var resolutionDue: Date?

  package init(
    queue: String, priority: TicketPriority, tags: [String] = [], slots: [String: String] = [:], question: String,
    considered: [Candidate] = [], intent: String? = nil, firstResponseDue: Date, resolutionDue: Date? = nil
  ) {
    self.queue = queue
    self.priority = priority
    self.tags = tags
    self.slots = slots
    self.question = question
    self.considered = considered
    self.intent = intent
    self.firstResponseDue = firstResponseDue
    self.resolutionDue = resolutionDue
  }
}

/// A question that a person handles.
package struct Ticket: Sendable, Hashable, Codable {
  /// Counts up from 1 without gaps.
  package var number: Int
  package var agency: String
  package var conversation: ConversationID
  package var requester: Sender
  package var draft: TicketDraft
  package var state: TicketState
  /// The person who has taken it.
  package var owner: String?
  package var openedAt: Date
  package var updatedAt: Date
  /// When a person first replied.
  package var firstResponseAt: Date?
  package var resolvedAt: Date?

  package init(
    number: Int, agency: String, conversation: ConversationID, requester: Sender, draft: TicketDraft,
    state: TicketState, owner: String? = nil, openedAt: Date, updatedAt: Date, firstResponseAt: Date? = nil,
    resolvedAt: Date? = nil
  ) {
    self.number = number
    self.agency = agency
    self.conversation = conversation
    self.requester = requester
    self.draft = draft
    self.state = state
    self.owner = owner
    self.openedAt = openedAt
    self.updatedAt = updatedAt
    self.firstResponseAt = firstResponseAt
    self.resolvedAt = resolvedAt
  }
}

/// What a person wrote down about a ticket. Never shown to the agency.
package struct CaseNote: Sendable, Hashable, Codable {
  package var text: String?
  package var tried: String?
  package var evidence: String?
  package var nextStep: String?
  /// Who does the next step, and by when.
  package var owner: String?
  package var due: Date?

  package init(
    text: String? = nil, tried: String? = nil, evidence: String? = nil, nextStep: String? = nil,
    owner: String? = nil, due: Date? = nil
  ) {
    self.text = text
    self.tried = tried
    self.evidence = evidence
    self.nextStep = nextStep
    self.owner = owner
    self.due = due
  }

  /// Whether it says nothing: blanks are nothing.
  package var isEmpty: Bool {
    due == nil && [text, tried, evidence, nextStep, owner].allSatisfy { $0?.allSatisfy(\.isWhitespace) ?? true }
  }
}

/// One line of a ticket's history. The history is only ever added to.
package struct TicketEvent: Sendable, Hashable, Codable {
  package enum Actor: Sendable, Hashable, Codable {
    case bot
    case agency(Sender)
    case person(String)

    package var name: String {
      switch self {
      case .bot: "bot"
      case .agency(let sender): sender.name
      case .person(let name): name
      }
    }
  }

  package enum What: Sendable, Hashable, Codable {
    case opened
    /// The agency wrote again.
    case message(text: String, attachments: [Attachment])
    case taken
    case note(CaseNote)
    /// A person's reply, sent to the agency through the bot.
    case reply(text: String)
    case state(from: TicketState, to: TicketState)
  }

  package var at: Date
  package var actor: Actor
  package var what: What

  package init(at: Date, actor: Actor, what: What) {
    self.at = at
    self.actor = actor
    self.what = what
  }
}
