/// What a person does with a ticket at the desk.
package enum TicketAction: Sendable, Hashable {
  case take
  case note(CaseNote)
  /// Sent to the agency through the bot. Who replies to a ticket that nobody has taken takes it.
  case reply(text: String)
  /// `waitingOnAgency` and `onHold` keep the conversation with the person.
  case setState(TicketState)
  /// Hands the conversation back to the bot.
  case resolve
  /// Done for good: hands the conversation back like `resolve`, and no message of the agency reopens it.
  case close
  case reopen
}

/// A desk action that the ticket's state does not allow.
package struct TicketActionError: Error, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    case noSuchTicket, takenBySomeoneElse, alreadyResolved, notResolved, emptyText, noSuchMove
  }

  package var code: Code
  /// What failed, on what, and what to do.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}

/// The outcome of a desk action: pure, so that every ledger does the same.
package struct TicketTransition: Sendable, Hashable {
  package var ticket: Ticket
  /// Added to the history, in this order.
  package var events: [TicketEvent]
  /// Markdown to send to the agency.
  package var reply: String?
  /// Whether the conversation is, from now on, a person's (true), the bot's (false), or as before (nil).
  package var personHandles: Bool?
}
