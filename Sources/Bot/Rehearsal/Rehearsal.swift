package import Foundation
package import Matching
package import Support

/// One conversation in memory, for trying out a workspace: the same decisions and the same ticket rules as live, and
/// nothing kept.
package struct Rehearsal: Sendable {
  package private(set) var state = ConversationState()
  package private(set) var tickets: [Ticket] = []
  private let matcher: Matcher
  private var count = 0
  package var now: Date
  package var language: String?
  package var region: String?

  package init(_ matcher: Matcher, at now: Date, language: String? = nil, region: String? = nil) {
    self.matcher = matcher
    self.now = now
    self.language = language
    self.region = region
  }

  /// What the bot made of a message, and the ticket it opened.
  package struct Exchange: Sendable {
    package var decision: Decision
    /// Markdown; nil when nothing is said.
    package var reply: String?
    package var opened: Ticket?
  }

  package mutating func say(_ text: String) -> Exchange {
    count += 1
    let conversation = ConversationID(channel: "rehearsal", room: "rehearsal")
    let message = Message(
      id: MessageID(channel: "rehearsal", id: "\(count)"), conversation: conversation,
      sender: Support.Sender(id: "you", name: "you"), text: text, sentAt: now, language: language, region: region)
    let decision = matcher.decide(message, in: state, at: now)
    state = decision.nextState
    var opened: Ticket?
    for effect in decision.ticketEffects {
      switch effect {
      case .open(let draft):
        let ticket = Ticket(
          number: tickets.count + 1, agency: "rehearsal", conversation: conversation, requester: message.sender,
          draft: draft, state: .new, openedAt: now, updatedAt: now)
        tickets.append(ticket)
        state.openTickets.append(.init(number: ticket.number, queue: draft.queue))
        opened = ticket
      case .append(let number): append(to: number, reopening: false)
      case .reopen(let number): append(to: number, reopening: true)
      }
    }
    let number = opened?.number
    return Exchange(decision: decision, reply: decision.reply?.markdown(ticket: number), opened: opened)
  }

  /// As the ledger does it: who writes again is not waited for any more.
  private mutating func append(to number: Int, reopening: Bool) {
    guard let index = tickets.firstIndex(where: { $0.number == number }) else { return }
    tickets[index].updatedAt = now
    if tickets[index].state == .waitingOnAgency { tickets[index].state = .open }
    guard reopening, !tickets[index].state.isActive else { return }
    tickets[index].state = .open
    tickets[index].resolvedAt = nil
    state.openTickets.append(.init(number: number, queue: tickets[index].draft.queue))
    if state.lastResolved?.number == number { state.lastResolved = nil }
  }

  /// A person acts on the latest ticket of the conversation.
  /// - Throws: `TicketActionError`, also when there is no ticket.
  package mutating func act(_ action: TicketAction, by person: String) throws -> TicketTransition {
    guard let index = tickets.indices.last else {
      throw TicketActionError(.noSuchTicket, "No ticket has been opened yet in this conversation.")
    }
    let transition = try tickets[index].applying(action, by: person, at: now)
    tickets[index] = transition.ticket
    state = state.after(transition, others: tickets)
    return transition
  }
}
