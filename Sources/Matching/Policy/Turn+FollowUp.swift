import Foundation
import Support
import Text

extension Turn {
  /// How long after an answer a message may go on from it.
  private static let followsWithin: TimeInterval = 30 * 60
  private static let mostWords = 8

  /// What a message leaves of the question before it: what it puts in, and the region if it names one.
  private struct Ellipsis {
    var rest: String
    var region: String?
    var hasOpener: Bool
  }

  /// "and for Brazil?" after an answer: the question answered last, about Brazil. Nil when the message stands on its own.
  mutating func followUp(_ words: [String]) -> Decision.Part? {
    guard let last = state.lastAnswered, (0..<Self.followsWithin).contains(now.timeIntervalSince(last.at)),
      catalogue.topicOf[last.candidate] != nil, let ellipsis = ellipsis(words),
      splitter.pieces(of: message.text).count == 1, matcher.consider(read, asker: asker).matched == nil
    else { return nil }
    if let region = ellipsis.region { return answerAgain(last, in: region) }
    return answerAbout(ellipsis.rest, last)
  }

  /// The last question for another region.
  private mutating func answerAgain(
    _ last: ConversationState.AnsweredQuestion, in region: String
  ) -> Decision.Part {
    let why = Evidence(
      .followUp, "Goes on from that answer: read as \(Quotation.of(last.text)) for the region \(region).",
      candidate: last.candidate)
    asker.region = region
    var consideration = matcher.consider(last.text, asker: asker)
    consideration.explanation.insert(why, at: 0)
    if consideration.matched == nil, let same = regional(last.candidate, among: consideration.candidates) {
      // The same matter, now that the region says which of its answers holds: nothing needs to be asked.
      return sendFollowUp(same, consideration, asked: last.text)
    }
    if let matched = consideration.matched { return sendFollowUp(matched, consideration, asked: last.text) }
    // Who reads the ticket needs both halves of the question.
    consideration.text = "\(last.text)\n\(message.text)"
    return act(on: consideration)
  }

  /// The last question with something more said to it, if that is another matter then.
  private mutating func answerAbout(
    _ rest: String, _ last: ConversationState.AnsweredQuestion
  ) -> Decision.Part? {
    guard !rest.isEmpty else { return nil }
    var consideration = matcher.consider("\(last.text) \(rest)", asker: asker)
    // The same answer once more would answer nothing.
    guard let matched = consideration.matched, !catalogue.areSame(matched, last.candidate) else { return nil }
    consideration.text = "\(last.text) \(rest)"
    consideration.explanation.insert(
      Evidence(
        .followUp, "Goes on from that answer: read as \(Quotation.of(consideration.text)).", candidate: last.candidate),
      at: 0)
    return sendFollowUp(matched, consideration, asked: consideration.text)
  }

  private mutating func sendFollowUp(
    _ id: CandidateID, _ consideration: Consideration, asked text: String
  ) -> Decision.Part {
    var consideration = consideration
    consideration.text = text
    return send(id, for: consideration)
  }

  /// The likeliest candidate that holds in some regions only, this one among them, as the last answer did.
  private func regional(_ last: CandidateID, among candidates: [Candidate]) -> CandidateID? {
    guard catalogue.isRegional(last) else { return nil }
    return candidates.prefix(3).first {
      catalogue.isRegional($0.id) && catalogue.availability(of: $0.id, to: asker) == .sendable
        && $0.confidence >= matcher.calibration.askAt
    }?.id
  }

  private func ellipsis(_ words: [String]) -> Ellipsis? {
    guard words.count <= (words.contains(where: Tokenizer.hasUnspacedScript) ? 3 * Self.mostWords : Self.mostWords)
    else { return nil }
    let folded = words.map(TextNormalizer.folded)
    for language in languages {
      let opener = language.followUps.length(atStartOf: words)
      let telling = words.indices[opener...].filter { !language.followUpFillers.contains(folded[$0]) }
      guard !telling.isEmpty else { continue }
      // Without an opener it must be the one thing and nothing else. Asked first: it is quickly told.
      if opener == 0,
        !Countries.isWholly(telling.map { words[$0] }, folded: telling.map { folded[$0] }, in: language.language)
      {
        continue
      }
      let text = telling.map { words[$0] }.joined(separator: " ")
      let rest = words.dropFirst(opener).joined(separator: " ")
      let region = region(in: rest, telling: text, language: language.language)
      if opener == 0 {
        guard let region else { continue }
        return Ellipsis(rest: text, region: region, hasOpener: false)
      }
      if region != nil || language.language.isSameLanguage(as: phrasebook.language) || telling.count <= 4 {
        return Ellipsis(rest: text, region: region, hasOpener: true)
      }
    }
    return entityAlone(words)
  }

  /// A day or an amount and nothing else.
  private func entityAlone(_ words: [String]) -> Ellipsis? {
    let text = message.text.trimmingCharacters(in: CharacterSet(charactersIn: " ?!.\n\t"))
    let kinds: [EntityKind] = [.date, .amount]
    guard kinds.contains(where: { matcher.entities.value(of: $0, in: text, isAnswer: false) == text }) else {
      return nil
    }
    return Ellipsis(rest: text, region: nil, hasOpener: false)
  }

  private func region(in rest: String, telling: String, language: String) -> String? {
    let said = Comprehension.compared(telling)
    if let own = catalogue.regions.first(where: { Comprehension.compared($0) == said }) { return own }
    return Countries.code(in: telling, isAnswer: false, languages: [language])
      ?? Countries.code(in: rest, isAnswer: false, languages: [language])
      ?? code(writtenAs: telling)
  }

  /// "and for BR?": two capitals are a code, "us" in small letters is we.
  private func code(writtenAs telling: String) -> String? {
    let code = telling.uppercased()
    guard code.utf8.count == 2, message.text.contains(code) else { return nil }
    return Countries.code(in: telling, isAnswer: true)
  }
}

extension Turn {
  /// Keeps what was answered for the next message to go on from, and lets go of it when the talk has gone elsewhere.
  mutating func remember(_ parts: [Decision.Part]) {
    if let part = parts.last(where: { $0.kind == .answer && $0.matched != nil }), let id = part.matched {
      guard smallTalk(in: part.text) == nil else { return }
      next.lastAnswered = .init(text: ReadText.cut(part.text), candidate: id, at: now)
    } else if parts.contains(where: { $0.kind == .escalate || $0.kind == .collect }) {
      next.lastAnswered = nil
    }
  }
}
