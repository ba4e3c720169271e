import Foundation
import Support
import Text

/// One decision in the making: what came in, and what has been made of it so far.
struct Turn {
  let matcher: Matcher
  let message: Message
  /// The message, for rules and ranking.
  let read: ReadText
  let state: ConversationState
  let now: Date
  var next: ConversationState
  var asker: Asker
  /// In the asker's language, or else in the workspace's own.
  let phrasebook: Phrasebook
  /// What the message may be understood in, the likeliest first.
  let languages: [Comprehension]
  let splitter: QuestionSplitter
  /// What the message is if it says nothing but small talk.
  let smallTalk: SmallTalk?
  /// What language the message is taken for, for the explanation.
  let languageEvidence: Evidence
  /// Titles that the reply asks to choose from.
  var choices: [String] = []
  /// One of several questions opens a ticket with this message.
  var opensTicket = false

  /// How long after its resolution a message that nothing answers reopens a ticket.
  private static let reopensWithin: TimeInterval = 7 * 24 * 3600

  init(matcher: Matcher, message: Message, state: ConversationState, now: Date) {
    self.matcher = matcher
    self.message = message
    read = ReadText(message.text)
    self.state = state
    self.now = now
    next = state
    let heard = TurnLanguage(message, in: state, matcher: matcher)
    next.language = heard.language
    next.region = message.region ?? state.region
    asker = Asker(
      language: next.language, region: next.region, day: matcher.content.settings.desk.calendar.day(of: now))
    phrasebook = matcher.phrasebooks.book(for: heard.language)
    languages = matcher.comprehensions.preferring(heard.language)
    splitter = QuestionSplitter(languages: matcher.comprehensions.likely(heard.language))
    smallTalk = SmallTalk.kind(of: read.words, in: languages)
    languageEvidence = heard.evidence
  }

  var catalogue: Catalogue { matcher.catalogue }
  var calendar: BusinessCalendar { matcher.content.settings.desk.calendar }

  mutating func decide() -> Decision {
    var parts = decideParts()
    settleTickets(&parts)
    return finish(parts)
  }

  private mutating func decideParts() -> [Decision.Part] {
    let words = read.words
    if case .person(let ticket) = state.handler {
      next.pending = nil
      let why = Evidence(.state, "A person has taken ticket #\(ticket): the bot is silent until it is handed back.")
      return [Decision.Part(text: message.text, kind: .silent, ticket: .append(ticket: ticket), explanation: [why])]
    }
    if let part = flooded() { return [part] }
    guard !words.isEmpty else { return [wordless()] }
    if let part = answerToPending(words) { return part }
    next.pending = nil
    if let part = answerToSmallTalk() { return [part] }
    if let part = followUp(words) { return [part] }
    return questions()
  }

  func smallTalk(in text: String) -> SmallTalk? {
    if text == message.text { return smallTalk }
    return SmallTalk.kind(of: ReadText(text).words, in: languages)
  }

  /// A message without a word: a sticker, a file, a row of question marks.
  private mutating func wordless() -> Decision.Part {
    if let ticket = state.openTickets.last, !message.attachments.isEmpty {
      return Decision.Part(
        text: message.text, kind: .escalate, reply: Reply(phrasebook.addedToTicket(ticket.number)),
        ticket: .append(ticket: ticket.number), explanation: [Evidence(.state, "Files go onto the open ticket.")])
    }
    if message.attachments.isEmpty && !message.text.contains("?") {
      return Decision.Part(text: message.text, kind: .silent, explanation: [Evidence(.policy, "It says nothing.")])
    }
    next.misses += 1
    return Decision.Part(
      text: message.text, kind: .clarify, reply: Reply(phrasebook.tellMeMore),
      explanation: [Evidence(.policy, "There are no words to go by.")])
  }

  private mutating func answerToSmallTalk() -> Decision.Part? {
    guard let kind = smallTalk else { return nil }
    // The author's own words for it go first, if they answer; small talk opens no ticket even by rule.
    let consideration = matcher.consider(read, asker: asker)
    if let id = consideration.matched, case .intent(let name) = id, let intent = catalogue.intents[name],
      case .answer(let text) = intent.action, intent.slots.isEmpty
    {
      return Decision.Part(
        text: message.text, kind: .answer, reply: Reply(text), matched: id, candidates: consideration.candidates,
        confidence: consideration.confidence, explanation: matcher.explanation(of: consideration))
    }
    switch kind {
    case .greeting:
      return Decision.Part(
        text: message.text, kind: .clarify, reply: Reply(phrasebook.greeting),
        explanation: [Evidence(.policy, "A greeting and nothing else.")])
    case .closing:
      return Decision.Part(
        text: message.text, kind: .silent,
        explanation: [Evidence(.policy, "Thanks or agreement and nothing else: it asks for nothing.")])
    }
  }

  /// One ticket at most is opened; what goes to a person goes onto a ticket that is open already, if it is the same matter.
  private mutating func settleTickets(_ parts: inout [Decision.Part]) {
    guard case .bot = state.handler else { return }
    var opening: Int?
    for index in parts.indices {
      guard case .open(let draft) = parts[index].ticket else { continue }
      if let open = openTicket(for: draft) {
        parts[index].ticket = .append(ticket: open)
        parts[index].reply = Reply(phrasebook.addedToTicket(open))
      } else if draft.intent == nil, let resolved = recentlyResolved {
        parts[index].ticket = .reopen(ticket: resolved)
        parts[index].reply = Reply(
          phrasebook.ticketReopened(resolved, due: draft.firstResponseDue, calendar: calendar))
      } else if let first = opening, case .open(let opened) = parts[first].ticket {
        var merged = opened.merged(with: draft)
        merged.question = together(opened.question, draft.question)
        parts[first].ticket = .open(merged)
        parts[first].reply = phrasebook.ticketOpened(draft: merged, calendar: calendar)
        parts[index].ticket = nil
        parts[index].reply = nil
      } else {
        opening = index
      }
    }
    guard !parts.contains(where: { $0.ticket != nil }), let open = state.openTickets.last, smallTalk == nil,
      parts.contains(where: { $0.kind != .silent })
    else { return }
    // The person who handles it sees what was said meanwhile, and what the bot answered.
    parts[0].ticket = .append(ticket: open.number)
  }

  /// Two questions of one ticket: what was asked before this message stays, and of this message is the whole.
  private func together(_ one: String, _ other: String) -> String {
    let earlier = [one, other].filter { !message.text.contains($0) && !$0.hasSuffix(message.text) }
    let known = [one, other].first { $0.hasSuffix(message.text) }
    return (earlier + [known ?? message.text]).joined(separator: "\n")
  }

  func openTicket(for draft: TicketDraft) -> Int? {
    if draft.intent == nil { return state.openTickets.last?.number }
    return state.openTickets.last { $0.queue == draft.queue }?.number
  }

  private var recentlyResolved: Int? {
    guard let resolved = state.lastResolved, now.timeIntervalSince(resolved.at) < Self.reopensWithin else { return nil }
    return resolved.number
  }

  private mutating func finish(_ parts: [Decision.Part]) -> Decision {
    var parts = parts
    sayWhichLanguage(&parts)
    parts[0].explanation += [languageEvidence, Evidence(.workspace, "Workspace version \(matcher.content.version).")]
    if parts.contains(where: { $0.kind == .answer || $0.kind == .escalate || $0.kind == .collect }) { next.misses = 0 }
    next.lastMatched = parts.lazy.compactMap(\.matched).last ?? state.lastMatched
    remember(parts)
    let replies = parts.compactMap { part -> Reply? in
      guard parts.count > 1, part.kind == .answer, let id = part.matched, let reply = part.reply else {
        return part.reply
      }
      return Reply(phrasebook.section(title(of: id), reply.markdown(ticket: nil)))
    }
    let answered = parts.filter { $0.kind == .answer }.compactMap(\.matched).compactMap { languageSent($0) }.first
    return Decision(
      parts: parts, reply: Reply.joined(replies), offer: offer(with: parts), language: answered ?? phrasebook.language,
      nextState: next,
      workspaceVersion: matcher.content.version)
  }

  /// Titles as long as the bot waits to hear which; thumbs where an article has been sent, which they can make better.
  private func offer(with parts: [Decision.Part]) -> ReplyOffer {
    var offer = ReplyOffer(asksWhetherHelped: parts.contains { $0.kind == .answer && isFromArticle($0) })
    if case .choice = next.pending { offer.choices = choices }
    return offer
  }

  private func isFromArticle(_ part: Decision.Part) -> Bool {
    switch part.matched {
    case .article: return true
    case .intent(let name):
      if case .article = catalogue.intents[name]?.action { return true }
      return false
    case nil: return false
    }
  }
}

extension TicketDraft {
  /// Two reasons for a ticket in one message: the more urgent one names queue and priority.
  func merged(with other: TicketDraft) -> TicketDraft {
    let (first, second) = other.priority > priority ? (other, self) : (self, other)
    var draft = first
    draft.tags = first.tags + second.tags.filter { !first.tags.contains($0) }
    draft.slots = first.slots.merging(second.slots) { mine, _ in mine }
    draft.considered =
      first.considered + second.considered.filter { new in !first.considered.contains { $0.id == new.id } }
    draft.firstResponseDue = min(first.firstResponseDue, second.firstResponseDue)
    draft.resolutionDue = [first.resolutionDue, second.resolutionDue].compactMap(\.self).min()
    return draft
  }
}
