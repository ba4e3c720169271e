package import Foundation

extension Ticket {
  /// What `action` by `person` makes of this ticket at `now`.
  /// - Throws: `TicketActionError` when the ticket's state does not allow it.
  package func applying(_ action: TicketAction, by person: String, at now: Date) throws(TicketActionError)
    -> TicketTransition
  {
    var next = TicketTransition(ticket: self, events: [], reply: nil, personHandles: nil)
    next.ticket.updatedAt = now
    switch action {
    case .take:
      try requireActive("take")
      if let owner, owner != person {
        throw TicketActionError(.takenBySomeoneElse, "Ticket #\(number) is \(owner)'s. Ask \(owner) to hand it over.")
      }
      next.take(by: person, at: now)
    case .note(let note):
      guard !note.isEmpty else { throw TicketActionError(.emptyText, "A case note needs at least one field.") }
      next.record(.note(note), by: person, at: now)
    case .reply(let text):
      try requireActive("reply to")
      guard !text.allSatisfy(\.isWhitespace) else {
        throw TicketActionError(.emptyText, "The reply to ticket #\(number) is empty.")
      }
      if let owner, owner != person {
        throw TicketActionError(
          .takenBySomeoneElse, "Ticket #\(number) is \(owner)'s. Reply as \(owner), or ask to have it handed over.")
      }
      next.take(by: person, at: now)
      next.record(.reply(text: text), by: person, at: now)
      next.reply = text
      next.ticket.firstResponseAt = next.ticket.firstResponseAt ?? now
    case .setState(let state):
      try requireActive("change")
      guard state == .open || state == .waitingOnAgency || state == .onHold else {
        throw TicketActionError(
          .noSuchMove, "A ticket cannot be moved to '\(state.rawValue)' by hand: use resolve, close or reopen.")
      }
      next.move(to: state, by: person, at: now)
    case .resolve:
      try requireActive("resolve")
      next.move(to: .resolved, by: person, at: now)
      next.ticket.resolvedAt = now
      next.personHandles = false
    case .close:
      guard state != .closed else {
        throw TicketActionError(.alreadyResolved, "Ticket #\(number) is closed already.")
      }
      next.ticket.resolvedAt = resolvedAt ?? now
      // Who resolved it has handed the conversation back already; somebody may have another ticket of it since.
      next.personHandles = state.isActive ? false : nil
      next.move(to: .closed, by: person, at: now)
    case .reopen:
      guard !state.isActive else {
        throw TicketActionError(.notResolved, "Ticket #\(number) is \(state.rawValue): there is nothing to reopen.")
      }
      next.move(to: .open, by: person, at: now)
      next.ticket.resolvedAt = nil
      next.personHandles = owner == nil ? nil : true
    }
    return next
  }

  private func requireActive(_ verb: String) throws(TicketActionError) {
    guard state.isActive else {
      throw TicketActionError(.alreadyResolved, "Ticket #\(number) is \(state.rawValue): reopen it to \(verb) it.")
    }
  }
}

extension TicketTransition {
  fileprivate mutating func record(_ what: TicketEvent.What, by person: String, at now: Date) {
    events.append(TicketEvent(at: now, actor: .person(person), what: what))
  }

  fileprivate mutating func take(by person: String, at now: Date) {
    if ticket.owner != person {
      ticket.owner = person
      record(.taken, by: person, at: now)
    }
    if ticket.state != .open { move(to: .open, by: person, at: now) }
    personHandles = true
  }

  fileprivate mutating func move(to state: TicketState, by person: String, at now: Date) {
    guard ticket.state != state else { return }
    record(.state(from: ticket.state, to: state), by: person, at: now)
    ticket.state = state
  }
}
