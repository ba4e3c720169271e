extension ConversationState {
  /// The conversation after a person has acted on one of its tickets.
  /// - Parameter others: every ticket of the conversation, to see whether a person still handles another one.
  package func after(_ transition: TicketTransition, others: [Ticket]) -> ConversationState {
    var next = self
    let ticket = transition.ticket
    if ticket.state.isActive {
      if !next.openTickets.contains(where: { $0.number == ticket.number }) {
        next.openTickets.append(.init(number: ticket.number, queue: ticket.draft.queue))
      }
      if next.lastResolved?.number == ticket.number { next.lastResolved = nil }
    } else if next.openTickets.contains(where: { $0.number == ticket.number }) {
      // Only when it is resolved now: a note on a ticket of long ago does not make it the one resolved last.
      next.openTickets.removeAll { $0.number == ticket.number }
      if let at = ticket.resolvedAt { next.lastResolved = ResolvedTicket(number: ticket.number, at: at) }
    }
    // What is closed is not reopened by a message: a new matter gets a new ticket.
    if ticket.state == .closed, next.lastResolved?.number == ticket.number { next.lastResolved = nil }
    switch transition.personHandles {
    case true?:
      next.handler = .person(ticket: ticket.number)
      next.pending = nil
    case false?:
      let stillHandled = others.last { $0.number != ticket.number && $0.owner != nil && $0.state.isActive }
      next.handler = stillHandled.map { .person(ticket: $0.number) } ?? .bot
      next.misses = 0
    case nil: break
    }
    return next
  }
}
