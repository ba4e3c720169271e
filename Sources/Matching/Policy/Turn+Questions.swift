import Support
import Text

extension Turn {
  private static let fewestWords = 3

  /// Every question of the message gets a part of its own, and none is dropped.
  mutating func questions() -> [Decision.Part] {
    questions(in: read)
  }

  mutating func questions(in text: ReadText) -> [Decision.Part] {
    let whole = matcher.consider(text, asker: asker)
    var considerations = separated(text.text, whole)
    // One question is asked by the whole message, whichever piece of it gave it away: who reads the ticket wants it all.
    if considerations.count == 1 { considerations[0].text = text.text }
    // A ticket opens with this message in any case: what else needs a person goes onto it, without questions first.
    opensTicket = considerations.count > 1 && considerations.contains { opensTicketAtOnce($0) }
    return considerations.map { act(on: $0) }
  }

  private func opensTicketAtOnce(_ consideration: Consideration) -> Bool {
    guard case .intent(let name) = consideration.matched, let intent = catalogue.intents[name],
      case .escalate = intent.action
    else { return false }
    return firstMissing(of: intent, filled(of: intent)) == nil
  }

  /// The questions of a message, each as the piece of text that asks it best.
  private func separated(_ text: String, _ whole: Consideration) -> [Consideration] {
    let texts = splitter.pieces(of: text)
    guard texts.count > 1 else { return [whole] }
    let all = texts.map { matcher.consider($0, asker: asker) }
    let pieces = all.filter { SmallTalk.kind(of: $0.words, in: languages) == nil }
    // A greeting before the question is not what the message is about.
    let isOnlyGreeting =
      whole.isCertain
      && all.contains { $0.matched == whole.matched && SmallTalk.kind(of: $0.words, in: languages) != nil }
    let whole = isOnlyGreeting ? nil : whole
    // A rule that only the whole message meets is about the whole message.
    if let whole, whole.isCertain, !pieces.contains(where: { $0.matched == whole.matched }) { return [whole] }

    var found: [Consideration] = []
    for piece in pieces {
      if let matched = piece.matched {
        let known = found.firstIndex { $0.matched.map { catalogue.areSame($0, matched) } ?? false }
        if let known {
          if piece.confidence > found[known].confidence { found[known] = piece }
        } else {
          found.append(piece)
        }
      }
    }
    if found.isEmpty { return [best(of: [whole].compactMap(\.self) + pieces)] }
    // Questions that nothing answers stand beside those that something does, unless they are the same matter again.
    let rest = pieces.filter { piece in
      piece.matched == nil && piece.words.count >= 3 && splitter.isQuestion(piece.text, words: piece.words)
        && !piece.candidates.prefix(3).contains { candidate in
          candidate.confidence >= matcher.calibration.askAt
            && found.contains { $0.matched.map { catalogue.areSame($0, candidate.id) } ?? false }
        }
    }
    if found.count == 1, rest.isEmpty {
      return [best(of: found + [whole].compactMap(\.self).filter { $0.matched != nil })]
    }
    let order = Dictionary(texts.enumerated().map { ($1, $0) }) { first, _ in first }
    return (found + rest).sorted { (order[$0.text] ?? 0) < (order[$1.text] ?? 0) }
  }

  private func best(of considerations: [Consideration]) -> Consideration {
    considerations.max {
      ($0.isCertain ? 1 : 0, $0.rank, $0.confidence) < ($1.isCertain ? 1 : 0, $1.rank, $1.confidence)
    } ?? matcher.consider(read, asker: asker)
  }

  /// What is done about one question.
  mutating func act(on consideration: Consideration) -> Decision.Part {
    switch consideration.verdict {
    case .matched(let id): return send(id, for: consideration)
    case .unclear(let ids): return ask(which: ids, for: consideration)
    case .outOfScope:
      if asksForPerson(consideration.words) { return escalate(consideration) }
      if !state.openTickets.isEmpty { return escalate(consideration) }
      return part(consideration, .clarify, phrasebook.outsideScope)
    case .nothing:
      let isShort = consideration.words.count < Self.fewestWords
      if isShort, state.misses == 0, state.openTickets.isEmpty, !asksForPerson(consideration.words) {
        next.misses += 1
        return part(consideration, .clarify, phrasebook.tellMeMore)
      }
      return escalate(consideration)
    }
  }

  private mutating func ask(which ids: [CandidateID], for consideration: Consideration) -> Decision.Part {
    // Asking again and again helps nobody; nor does it when a person is on it already, or another question waits.
    if state.misses > 0 || next.pending != nil || !state.openTickets.isEmpty { return escalate(consideration) }
    next.pending = .choice(question: consideration.text, candidates: ids)
    next.misses += 1
    choices = ids.map { title(of: $0) }
    return part(consideration, .clarify, phrasebook.whichWasMeant(choices))
  }

  /// Acts on what was matched: an answer, a ticket, or a question for what is still missing.
  mutating func send(_ id: CandidateID, for consideration: Consideration) -> Decision.Part {
    if case .needsRegion(let regions) = catalogue.availability(of: id, to: asker) {
      if next.pending != nil { return escalate(consideration) }
      next.pending = .region(question: consideration.text, candidate: id)
      var part = part(
        consideration, .clarify, phrasebook.whichRegion(regionsKnown(consideration, regions)), matched: id)
      part.explanation.append(Evidence(.policy, "It holds in \(regions.joined(separator: ", ")) only."))
      return part
    }
    switch id {
    case .article(let article):
      guard let version = catalogue.version(of: article, in: asker.language) else { return escalate(consideration) }
      return part(consideration, .answer, version.body, matched: id)
    case .intent(let name):
      guard let intent = catalogue.intents[name] else { return escalate(consideration) }
      return begin(intent, for: consideration)
    }
  }

  /// The regions that any likely answer holds in, so that nobody takes the first one's for all there is.
  private func regionsKnown(_ consideration: Consideration, _ regions: [String]) -> [String] {
    var all = regions
    let likely = consideration.candidates.filter { $0.confidence >= 0.02 }.map(\.id)
    let siblings = likely.compactMap { catalogue.topicOf[$0] }.flatMap { matcher.ranker.siblings.of($0) }
    for id in likely + siblings.flatMap({ catalogue.topics[$0].members }) {
      guard case .needsRegion(let more) = catalogue.availability(of: id, to: asker) else { continue }
      all += more.filter { !all.contains($0) }
    }
    return all
  }

  /// A ticket for lack of an answer.
  func escalate(_ consideration: Consideration) -> Decision.Part {
    let draft = draft(
      Intent.Escalation(queue: matcher.content.settings.desk.defaultQueue, tags: ["unanswered"]), intent: nil,
      question: consideration.text, candidates: consideration.candidates)
    var part = part(consideration, .escalate, nil)
    part.ticket = .open(draft)
    part.reply = phrasebook.ticketOpened(draft: draft, calendar: calendar)
    return part
  }

  func draft(
    _ escalation: Intent.Escalation, intent: String?, slots: [String: String] = [:], question: String,
    candidates: [Candidate]
  ) -> TicketDraft {
    let levels = matcher.content.settings.serviceLevels
    return TicketDraft(
      queue: escalation.queue, priority: escalation.priority, tags: escalation.tags, slots: slots, question: question,
      considered: Array(candidates.prefix(5)), intent: intent,
      firstResponseDue: levels.firstResponseDue(escalation.priority, from: now, calendar: calendar),
      resolutionDue: levels.resolutionDue(escalation.priority, from: now, calendar: calendar))
  }

  func part(
    _ consideration: Consideration, _ kind: Decision.Kind, _ reply: String?, matched: CandidateID? = nil
  ) -> Decision.Part {
    Decision.Part(
      text: consideration.text, kind: kind, reply: reply.map { Reply($0) }, matched: matched,
      candidates: consideration.candidates, confidence: consideration.confidence,
      explanation: matcher.explanation(of: consideration))
  }

  private func asksForPerson(_ words: [String]) -> Bool {
    let folded = words.map(TextNormalizer.folded)
    return words.count <= 8
      && languages.contains { language in
        // Any other language than these two could mean anything by the word.
        (language.language.isSameLanguage(as: "en") || language.language.isSameLanguage(as: phrasebook.language))
          && language.asksForPerson(folded)
      }
  }
}

extension Consideration {
  /// How far the verdict got.
  fileprivate var rank: Int {
    switch verdict {
    case .matched: 3
    case .unclear: 2
    case .outOfScope: 1
    case .nothing: 0
    }
  }
}
