package import Foundation
package import Support

/// A conversation that an author wrote down as a test: what people do, and what the bot is expected to make of it.
package struct Dialogue: Sendable, Hashable {
  /// One line of it.
  package struct Step: Sendable, Hashable {
    package enum Action: Sendable, Hashable {
      /// An agency member writes; the bot must do as expected.
      case agency(String, Expectation)
      /// A person of this name takes the ticket.
      case take(String)
      /// The person replies to the agency.
      case reply(String)
      /// The person resolves the ticket.
      case resolve
      /// Time passes.
      case wait(Duration)
    }

    package var action: Action
    package var location: SourceLocation

    package init(_ action: Action, at location: SourceLocation) {
      self.action = action
      self.location = location
    }
  }

  /// What must come of a message; what is nil or empty may be anything.
  package struct Expectation: Sendable, Hashable {
    package enum Ticket: Sendable, Hashable {
      /// The message must open no ticket.
      case noTicket
      /// It must open one like this.
      case opened(TicketExpectation)
    }

    package var decision: Decision.Kind?
    package var matched: CandidateID?
    package var replyContains: [String]
    package var replyLacks: [String]
    package var ticket: Ticket?

    package init(
      decision: Decision.Kind? = nil, matched: CandidateID? = nil, replyContains: [String] = [],
      replyLacks: [String] = [], ticket: Ticket? = nil
    ) {
      self.decision = decision
      self.matched = matched
      self.replyContains = replyContains
      self.replyLacks = replyLacks
      self.ticket = ticket
    }
  }

  /// What a ticket must have; tags and slots that are not named may be there.
  package struct TicketExpectation: Sendable, Hashable {
    package var queue: String?
    package var priority: TicketPriority?
    package var tags: [String]
    package var slots: [String: String]

    package init(
      queue: String? = nil, priority: TicketPriority? = nil, tags: [String] = [], slots: [String: String] = [:]
    ) {
      self.queue = queue
      self.priority = priority
      self.tags = tags
      self.slots = slots
    }
  }

  /// Where no time is given, so that a dialogue goes the same way on every day: Monday, 2026-11-23, 10:00 UTC.
  package static let defaultStart = Date(timeIntervalSince1970: 1_795_428_000)

  package var name: String
  /// BCP 47, as a chat server would give it.
  package var language: String?
  package var region: String?
  /// When it begins.
  package var at: Date
  package var steps: [Step]
  package var location: SourceLocation

  package init(
    name: String, language: String? = nil, region: String? = nil, at: Date = Dialogue.defaultStart, steps: [Step],
    location: SourceLocation
  ) {
    self.name = name
    self.language = language
    self.region = region
    self.at = at
    self.steps = steps
    self.location = location
  }
}
