import Foundation
import Support

/// What the ledger must do, in the plainest way: arrays, looked through from end to end.
struct ModelLedger {
  struct Row {
    var message: Message
    var isDecided = false
  }

  struct Out: Equatable {
    var conversation: ConversationID
    var text: String
    var author: String
    var state = Interaction.Result.queued
    var notBefore = Date.distantPast
  }

  var cursor: String?
  var inbox: [Row] = []
  var states: [ConversationID: ConversationState] = [:]
  var tickets: [Ticket] = []
  var events: [[TicketEvent]] = []
  var outbox: [Out] = []

  mutating func receive(_ poll: Poll) {
    for message in poll.messages where !inbox.contains(where: { $0.message.id == message.id }) {
      inbox.append(Row(message: message))
    }
    cursor = poll.cursor ?? cursor
  }

  /// Decides `limit` messages, on the states as they were at the start where `changed` does not name the conversation.
  /// Places in the inbox of what waits, conversations by turns.
  var waiting: [Int] {
    var turns: [ConversationID: Int] = [:]
    return inbox.indices.filter { !inbox[$0].isDecided }.map { index -> (turn: Int, index: Int) in
      turns[inbox[index].message.conversation, default: 0] += 1
      return (turns[inbox[index].message.conversation, default: 0], index)
    }.sorted { ($0.turn, $0.index) < ($1.turn, $1.index) }.map(\.index)
  }

  mutating func decide(
    _ limit: Int, at now: Date, leaving changed: Set<ConversationID>, _ decide: (Message, ConversationState) -> Decision
  ) {
    var stopped = changed
    for index in waiting.prefix(limit) {
      let message = inbox[index].message
      guard !stopped.contains(message.conversation) else { continue }
      let made = decide(message, states[message.conversation] ?? ConversationState())
      inbox[index].isDecided = true
      var state = made.nextState
      var number: Int?
      for effect in made.ticketEffects {
        let agency = TicketEvent.Actor.agency(message.sender)
        func said(_ text: String) -> TicketEvent {
          TicketEvent(at: now, actor: agency, what: .message(text: text, attachments: []))
        }
        switch effect {
        case .open(let draft):
          let ticket = Ticket(
            number: tickets.count + 1, agency: message.agency ?? message.conversation.room,
            conversation: message.conversation,
            requester: message.sender, draft: draft, state: .new, openedAt: now, updatedAt: now)
          tickets.append(ticket)
          events.append([TicketEvent(at: now, actor: .bot, what: .opened), said(draft.question)])
          state.openTickets.append(.init(number: ticket.number, queue: draft.queue))
          number = ticket.number
          stopped.insert(message.conversation)
        case .append(let ticket), .reopen(let ticket):
          let old = tickets[ticket - 1].state
          events[ticket - 1].append(said(message.text))
          if effect == .reopen(ticket: ticket) || old == .waitingOnAgency {
            events[ticket - 1].append(TicketEvent(at: now, actor: agency, what: .state(from: old, to: .open)))
            tickets[ticket - 1].state = .open
          }
          if !old.isActive {
            tickets[ticket - 1].resolvedAt = nil
            state.openTickets.append(.init(number: ticket, queue: tickets[ticket - 1].draft.queue))
            state.lastResolved = nil
            stopped.insert(message.conversation)
          }
          tickets[ticket - 1].updatedAt = now
          number = ticket
        }
      }
      states[message.conversation] = state
      if let text = made.reply?.markdown(ticket: number) {
        outbox.append(Out(conversation: message.conversation, text: text, author: "bot"))
      }
    }
  }

  /// - Returns: whether the conversation's state has changed.
  mutating func act(_ action: TicketAction, on number: Int, by person: String, at now: Date) throws -> Bool {
    let transition = try tickets[number - 1].applying(action, by: person, at: now)
    let place = transition.ticket.conversation
    tickets[number - 1] = transition.ticket
    events[number - 1] += transition.events
    if let reply = transition.reply { outbox.append(Out(conversation: place, text: reply, author: person)) }
    let before = states[place] ?? ConversationState()
    var state = before
    if case .resolve = action {
      state.openTickets.removeAll { $0.number == number }
      state.lastResolved = .init(number: number, at: now)
      let other = tickets.last { $0.conversation == place && $0.owner != nil && $0.state.isActive }
      state.handler = other.map { .person(ticket: $0.number) } ?? .bot
      state.misses = 0
    }
    if case .reopen = action {
      state.openTickets.append(.init(number: number, queue: transition.ticket.draft.queue))
      if state.lastResolved?.number == number { state.lastResolved = nil }
    }
    if transition.personHandles == true {
      state.handler = .person(ticket: number)
      state.pending = nil
    }
    states[place] = state
    return state != before
  }

  /// Places in the outbox that may be sent.
  func sendable(at now: Date) -> [Int] {
    outbox.indices.filter { index in
      let first = outbox.firstIndex { $0.conversation == outbox[index].conversation && $0.state == .queued }
      return first == index && outbox[index].notBefore <= now
    }
  }
}
