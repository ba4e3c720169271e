import Support
import Text

extension Turn {
  private static let mostAttempts = 2
  private static let longestValue = 500

  /// Starts an intent: its slots first, then what it does.
  mutating func begin(_ intent: Intent, for consideration: Consideration) -> Decision.Part {
    let id = CandidateID.intent(intent.id)
    if case .escalate(let escalation) = intent.action {
      let draft = draft(
        escalation, intent: intent.id, question: consideration.text, candidates: consideration.candidates)
      // The ticket is open already: nothing needs to be asked again.
      if openTicket(for: draft) != nil { return complete(intent, slots: [:], for: consideration) }
    }
    let filled = filled(of: intent)
    guard let missing = firstMissing(of: intent, filled) else {
      return complete(intent, slots: filled, for: consideration)
    }
    // Only one question at a time can wait for its answer.
    if next.pending != nil || (opensTicket && intent.isEscalation) {
      return complete(intent, slots: filled, for: consideration)
    }
    next.pending = .slots(
      .init(intent: intent.id, question: consideration.text, filled: filled, asking: missing.name, attempts: 0))
    return part(consideration, .collect, missing.ask, matched: id)
  }

  /// The slots that the message fills by itself.
  func filled(of intent: Intent) -> [String: String] {
    intent.slots.reduce(into: [:]) { filled, slot in
      filled[slot.name] = matcher.entities.value(of: slot.entity, in: message.text, isAnswer: false)
    }
  }

  func firstMissing(of intent: Intent, _ filled: [String: String]) -> Slot? {
    intent.slots.first { $0.required && filled[$0.name] == nil }
  }

  /// What the intent does once it knows what it needs.
  func complete(_ intent: Intent, slots: [String: String], for consideration: Consideration) -> Decision.Part {
    let id = CandidateID.intent(intent.id)
    switch intent.action {
    case .answer(let text): return part(consideration, .answer, text, matched: id)
    case .article(let article):
      let body = catalogue.version(of: article, in: asker.language)?.body
      return body.map { part(consideration, .answer, $0, matched: id) } ?? escalate(consideration)
    case .escalate(let escalation):
      let draft = draft(
        escalation, intent: intent.id, slots: slots, question: consideration.text, candidates: consideration.candidates)
      var part = part(consideration, .escalate, nil, matched: id)
      part.ticket = .open(draft)
      part.reply = phrasebook.ticketOpened(draft: draft, calendar: calendar)
      return part
    }
  }

  /// The message as the answer to what was asked for.
  mutating func continueSlots(_ filling: PendingQuestion.SlotFilling, _ words: [String]) -> [Decision.Part]? {
    guard let intent = catalogue.intents[filling.intent],
      let asked = intent.slots.first(where: { $0.name == filling.asking })
    else { return nil }
    if smallTalk == .closing, asked.entity != .text || words.count <= 2 {
      let why = Evidence(.state, "Small talk while '\(asked.name)' is asked for: the question stands.")
      return [Decision.Part(text: message.text, kind: .silent, explanation: [why])]
    }
    var filling = filling
    if let value = matcher.entities.value(of: asked.entity, in: message.text, isAnswer: true) {
      if asked.entity == .text, let interruption = interruption(asked, filling) { return interruption }
      filling.filled[asked.name] = String(value.prefix(Self.longestValue))
      for slot in intent.slots where filling.filled[slot.name] == nil {
        filling.filled[slot.name] = matcher.entities.value(of: slot.entity, in: message.text, isAnswer: false)
      }
    } else if let interruption = interruption(asked, filling) {
      return interruption
    } else if filling.attempts + 1 < Self.mostAttempts {
      filling.attempts += 1
      next.pending = .slots(filling)
      let why = Evidence(.state, "'\(asked.name)' was asked for and not understood.")
      return [
        Decision.Part(
          text: message.text, kind: .collect, reply: Reply(phrasebook.slotNotUnderstood(asked)),
          matched: .intent(intent.id), confidence: 1, explanation: [why])
      ]
    } else {
      // A person will make more of it than a third question would.
      filling.filled[asked.name] = String(message.text.prefix(Self.longestValue))
    }
    return [advance(intent, filling)]
  }

  private mutating func advance(_ intent: Intent, _ filling: PendingQuestion.SlotFilling) -> Decision.Part {
    let why = Evidence(.state, "Answers the question for '\(filling.asking)'.")
    let consideration = Consideration(
      text: filling.question, words: [], verdict: .matched(.intent(intent.id)),
      candidates: [Candidate(id: .intent(intent.id), title: intent.title, confidence: 1)], isCertain: true,
      explanation: [why])
    guard let missing = firstMissing(of: intent, filling.filled) else {
      next.pending = nil
      return complete(intent, slots: filling.filled, for: consideration)
    }
    next.pending = .slots(
      .init(
        intent: intent.id, question: filling.question, filled: filling.filled, asking: missing.name, attempts: 0))
    return part(consideration, .collect, missing.ask, matched: .intent(intent.id))
  }

  /// Something more pressing than the slot, or a question of its own: dealt with, and then the slot is asked for again.
  private mutating func interruption(_ asked: Slot, _ filling: PendingQuestion.SlotFilling) -> [Decision.Part]? {
    let priority = catalogue.intents[filling.intent]?.priority ?? 0
    if let rule = matcher.considerRules(read, asker: asker), let id = rule.matched,
      id != .intent(filling.intent),
      catalogue.priority(of: id) > priority
    {
      next.pending = nil
      return [act(on: rule)]
    }
    if let parts = ticketAtOnce(asked, filling) { return parts }
    guard message.text.contains(where: { "?؟？".contains($0) }) else { return nil }
    let consideration = matcher.consider(read, asker: asker)
    guard let id = consideration.matched, !catalogue.areSame(id, .intent(filling.intent)),
      catalogue.isPlainAnswer(id, to: asker)
    else { return nil }
    var answer = act(on: consideration)
    next.pending = .slots(filling)
    answer.reply = answer.reply.map { Reply(pieces: $0.pieces + [.text("\n\n\(asked.ask)")]) }
    return [answer]
  }

  /// Who is asked for details and asks for a person instead, or brings another matter for one, gets the ticket now, with
  /// what is known so far.
  private mutating func ticketAtOnce(_ asked: Slot, _ filling: PendingQuestion.SlotFilling) -> [Decision.Part]? {
    let others = splitter.pieces(of: message.text).compactMap { piece -> Consideration? in
      // What describes a problem may be like anything: only a rule tells that it is no description.
      let consideration =
        asked.entity == .text
        ? matcher.considerRules(ReadText(piece), asker: asker) : matcher.consider(piece, asker: asker)
      guard let consideration, case .intent(let name) = consideration.matched, name != filling.intent,
        let other = catalogue.intents[name], other.isEscalation,
        asked.entity != .text || firstMissing(of: other, [:]) == nil
      else { return nil }
      return consideration
    }
    guard !others.isEmpty, let intent = catalogue.intents[filling.intent] else { return nil }
    next.pending = nil
    opensTicket = true
    var parts = others.map { act(on: $0) }
    if intent.isEscalation {
      let why = Evidence(.state, "'\(asked.name)' was asked for; the ticket opens without it.")
      let first = Consideration(
        text: filling.question, words: [], verdict: .matched(.intent(intent.id)),
        candidates: [Candidate(id: .intent(intent.id), title: intent.title, confidence: 1)], isCertain: true,
        explanation: [why])
      parts.insert(complete(intent, slots: filling.filled, for: first), at: 0)
    }
    return parts
  }
}

extension Intent {
  fileprivate var isEscalation: Bool {
    if case .escalate = action { return true }
    return false
  }
}

extension Catalogue {
  /// Whether sending it needs no further question and opens no ticket.
  fileprivate func isPlainAnswer(_ id: CandidateID, to asker: Asker) -> Bool {
    guard availability(of: id, to: asker) == .sendable else { return false }
    guard case .intent(let name) = id, let intent = intents[name] else { return true }
    if case .escalate = intent.action { return false }
    return intent.slots.isEmpty
  }
}
