import Foundation
import Support
import Testing

@Suite struct TicketTransitionTests {
  static let opened = Date(timeIntervalSince1970: 1_795_428_000)
  static let now = opened + 600

  static func ticket(_ state: TicketState, owner: String? = nil, number: Int = 7) -> Ticket {
    Ticket(
      number: number, agency: "Aurora", conversation: ConversationID(channel: "chat", room: "r1"),
      requester: Sender(id: "u1", name: "Ana"),
      draft: TicketDraft(queue: "payouts", priority: .high, question: "Where is it?", firstResponseDue: opened + 3600),
      state: state, owner: owner, openedAt: opened, updatedAt: opened,
      resolvedAt: state.isActive ? nil : opened + 60)
  }

  static let actions: [(name: String, action: TicketAction)] = [
    ("take", .take), ("note", .note(CaseNote(text: "seen"))), ("reply", .reply(text: "On it.")),
    ("open", .setState(.open)), ("wait", .setState(.waitingOnAgency)), ("hold", .setState(.onHold)),
    ("set new", .setState(.new)), ("set resolved", .setState(.resolved)), ("set closed", .setState(.closed)),
    ("resolve", .resolve), ("close", .close), ("reopen", .reopen),
  ]

  /// What each action gives from each state: the state after it, or why not.
  static let table: [String: [TicketState: String]] = {
    let done = "alreadyResolved"
    func everywhere(_ active: String, _ resolved: String) -> [TicketState: String] {
      Dictionary(uniqueKeysWithValues: TicketState.allCases.map { ($0, $0.isActive ? active : resolved) })
    }
    return [
      "take": everywhere("open", done), "reply": everywhere("open", done), "open": everywhere("open", done),
      "wait": everywhere("waiting-on-agency", done), "hold": everywhere("on-hold", done),
      "set new": everywhere("noSuchMove", done), "set resolved": everywhere("noSuchMove", done),
      "set closed": everywhere("noSuchMove", done), "resolve": everywhere("resolved", done),
      "reopen": everywhere("notResolved", "open"),
      "close": everywhere("closed", "closed").merging([.closed: done]) { $1 },
      "note": Dictionary(uniqueKeysWithValues: TicketState.allCases.map { ($0, $0.rawValue) }),
    ]
  }()

  @Test(arguments: TicketState.allCases)
  func `every action from every state does what the table says`(state: TicketState) throws {
    for (name, action) in Self.actions {
      for owner in [nil, "amira"] {
        let expected = try #require(Self.table[name]?[state])
        let found: String
        do {
          found = try Self.ticket(state, owner: owner).applying(action, by: "amira", at: Self.now).ticket.state.rawValue
        } catch {
          found = error.code.rawValue
          #expect(!error.description.isEmpty)
        }
        #expect(found == expected, "\(name) from \(state.rawValue), owner \(owner ?? "nobody")")
      }
    }
  }

  @Test func `closing hands the conversation back, and nothing reopens the ticket by itself`() throws {
    let state = ConversationState(handler: .person(ticket: 7), openTickets: [.init(number: 7, queue: "payouts")])
    let closed = try Self.ticket(.open, owner: "amira").applying(.close, by: "amira", at: Self.now)
    #expect(closed.ticket.resolvedAt == Self.now)
    let after = state.after(closed, others: [closed.ticket])
    #expect(after.handler == .bot && after.openTickets.isEmpty && after.lastResolved == nil)

    let resolved = try Self.ticket(.open, owner: "amira").applying(.resolve, by: "amira", at: Self.now)
    let waiting = state.after(resolved, others: [resolved.ticket])
    #expect(waiting.lastResolved?.number == 7)
    let shut = try resolved.ticket.applying(.close, by: "amira", at: Self.now + 60)
    #expect(shut.ticket.resolvedAt == Self.now, "when it was resolved stays")
    #expect(waiting.after(shut, others: [shut.ticket]).lastResolved == nil)
  }

  @Test func `closing a resolved ticket leaves a conversation with the person who has another one`() throws {
    let state = ConversationState(
      handler: .person(ticket: 9), openTickets: [.init(number: 9, queue: "legal")],
      lastResolved: .init(number: 7, at: Self.opened))
    let closed = try Self.ticket(.resolved, owner: "amira").applying(.close, by: "ben", at: Self.now)
    #expect(state.after(closed, others: [closed.ticket]).handler == .person(ticket: 9))
  }

  @Test(arguments: TicketState.allCases)
  func `events lead from the old state to the new one, all by the person and of now`(state: TicketState) throws {
    for (name, action) in Self.actions {
      guard let next = try? Self.ticket(state).applying(action, by: "amira", at: Self.now) else { continue }
      var reached = state
      for event in next.events {
        #expect(event.actor == .person("amira") && event.at == Self.now)
        if case .state(let from, let to) = event.what {
          #expect(from == reached && to != from, "\(name) from \(state.rawValue)")
          reached = to
        }
      }
      #expect(reached == next.ticket.state, "\(name) from \(state.rawValue)")
      #expect(next.ticket.updatedAt == Self.now && next.ticket.openedAt == Self.opened)
      #expect(next.ticket.number == 7 && next.ticket.draft == Self.ticket(state).draft)
    }
  }

  @Test func `somebody else's ticket is neither taken nor replied to`() {
    for action in [TicketAction.take, .reply(text: "Hello")] {
      let error = #expect(throws: TicketActionError.self) {
        try Self.ticket(.open, owner: "ben").applying(action, by: "amira", at: Self.now)
      }
      #expect(error?.code == .takenBySomeoneElse)
      #expect(error?.description.contains("ben") == true)
    }
  }

  @Test func `a reply takes the ticket, and the first one stops the clock`() throws {
    let first = try Self.ticket(.new).applying(.reply(text: "On it."), by: "amira", at: Self.now)
    #expect(first.ticket.owner == "amira" && first.personHandles == true && first.reply == "On it.")
    #expect(first.ticket.firstResponseAt == Self.now)
    #expect(first.events.map(\.what) == [.taken, .state(from: .new, to: .open), .reply(text: "On it.")])
    let second = try first.ticket.applying(.reply(text: "Done."), by: "amira", at: Self.now + 60)
    #expect(second.ticket.firstResponseAt == Self.now)
    #expect(second.events.map(\.what) == [.reply(text: "Done.")])
  }

  @Test func `taking twice is said once`() throws {
    let first = try Self.ticket(.new).applying(.take, by: "amira", at: Self.now)
    let second = try first.ticket.applying(.take, by: "amira", at: Self.now)
    #expect(first.events.map(\.what) == [.taken, .state(from: .new, to: .open)])
    #expect(second.events.isEmpty && second.personHandles == true)
  }

  @Test(arguments: ["", " ", "\n\t ", "\u{a0}"])
  func `an empty reply is refused`(text: String) {
    let error = #expect(throws: TicketActionError.self) {
      try Self.ticket(.open).applying(.reply(text: text), by: "amira", at: Self.now)
    }
    #expect(error?.code == .emptyText)
  }

  @Test(arguments: [CaseNote(), CaseNote(text: ""), CaseNote(text: " \n", tried: "\t", owner: "")])
  func `a case note that says nothing is refused`(note: CaseNote) {
    let error = #expect(throws: TicketActionError.self) {
      try Self.ticket(.open).applying(.note(note), by: "amira", at: Self.now)
    }
    #expect(error?.code == .emptyText)
  }

  @Test(arguments: [
    CaseNote(text: "a"), CaseNote(tried: "a"), CaseNote(evidence: "a"), CaseNote(nextStep: "a"), CaseNote(owner: "a"),
    CaseNote(due: now),
  ])
  func `each field alone makes a case note`(note: CaseNote) throws {
    let next = try Self.ticket(.resolved).applying(.note(note), by: "amira", at: Self.now)
    #expect(next.events.map(\.what) == [.note(note)])
    #expect(next.personHandles == nil && next.reply == nil)
  }

  @Test func `resolving hands the conversation back, and reopening gives it to its owner`() throws {
    let resolved = try Self.ticket(.open, owner: "amira").applying(.resolve, by: "amira", at: Self.now)
    #expect(resolved.personHandles == false && resolved.ticket.resolvedAt == Self.now)
    let reopened = try resolved.ticket.applying(.reopen, by: "ben", at: Self.now + 60)
    #expect(reopened.personHandles == true && reopened.ticket.resolvedAt == nil && reopened.ticket.owner == "amira")
    let nobodys = try Self.ticket(.closed).applying(.reopen, by: "ben", at: Self.now)
    #expect(nobodys.personHandles == nil)
  }
}
