import Support
import Text

extension Turn {
  /// What the message is as an answer to what the bot has asked; nil when it is something else.
  mutating func answerToPending(_ words: [String]) -> [Decision.Part]? {
    guard let pending = state.pending else { return nil }
    let said = words.map(TextNormalizer.folded).joined()
    if languages.contains(where: { $0.cancel.contains(said) }) {
      next.pending = nil
      next.misses = 0
      let why = Evidence(.state, "The question of the bot was called off.")
      return [
        Decision.Part(text: message.text, kind: .clarify, reply: Reply(phrasebook.cancelled), explanation: [why])
      ]
    }
    switch pending {
    case .choice(let question, let candidates): return continueChoice(question, candidates, words)
    case .region(let question, let candidate): return continueRegion(question, candidate, words)
    case .slots(let filling): return continueSlots(filling, words)
    }
  }

  private mutating func continueChoice(
    _ question: String, _ candidates: [CandidateID], _ words: [String]
  ) -> [Decision.Part]? {
    // Titles by their ids: a choice that has left the workspace meanwhile cannot be chosen.
    let titles = candidates.map { title(of: $0) }
    guard
      let answer = ChoiceReader(languages: languages).read(words, titles: titles)
        ?? (holdingThere(candidates, words) ?? rephrased(candidates)).map({ .chosen($0) })
    else { return nil }
    next.pending = nil
    next.misses = 0
    switch answer {
    case .none:
      let why = Evidence(.state, "None of the choices was meant.")
      return [
        escalate(
          Consideration(
            text: question, words: words, verdict: .nothing,
            candidates: candidates.map { Candidate(id: $0, title: catalogue.title(of: $0), confidence: 0) },
            isCertain: false, explanation: [why]))
      ]
    case .chosen(let place):
      let id = candidates[place]
      if let place = holdingThere(candidates, words), let region = region(named: words, among: []),
        candidates[place] == id
      {
        next.region = region
        asker.region = region
      }
      let why = Evidence(.state, "Chosen by the asker, as number \(place + 1) of \(candidates.count).", candidate: id)
      return [
        send(
          id,
          for: Consideration(
            text: question, words: words, verdict: .matched(id),
            candidates: [Candidate(id: id, title: catalogue.title(of: id), confidence: 1)], isCertain: true,
            explanation: [why]))
      ]
    }
  }

  private mutating func continueRegion(
    _ question: String, _ candidate: CandidateID, _ words: [String]
  ) -> [Decision.Part]? {
    guard case .needsRegion(let regions) = catalogue.availability(of: candidate, to: asker) else {
      // The channel has told the region meanwhile.
      next.pending = nil
      return questions(in: ReadText(question))
    }
    if let region = region(named: words, among: regions) {
      next.pending = nil
      next.region = region
      next.misses = 0
      asker.region = region
      return parts(for: question, in: region)
    }
    // A longer message is a new question, not a region.
    guard words.count <= 4, smallTalk == nil,
      matcher.consider(read, asker: asker).matched == nil
    else { return nil }
    if state.misses > 0 {
      next.pending = nil
      return [
        escalate(
          Consideration(
            text: question, words: words, verdict: .nothing,
            candidates: [Candidate(id: candidate, title: catalogue.title(of: candidate), confidence: 0.5)],
            isCertain: false, explanation: [Evidence(.state, "The region could not be found out.")]))
      ]
    }
    next.misses += 1
    return [
      Decision.Part(
        text: message.text, kind: .clarify, reply: Reply(phrasebook.regionNotUnderstood(regions)), matched: candidate,
        explanation: [Evidence(.state, "A region was asked for and not understood.")])
    ]
  }

  /// The question that was asked before the region was known.
  private mutating func parts(for question: String, in region: String) -> [Decision.Part] {
    let why = Evidence(.state, "The region is \(region), as the asker says.")
    let consideration = matcher.consider(question, asker: asker)
    // The region was asked for because the answer depends on it: what now comes first and holds just there is meant.
    if case .unclear(let ids) = consideration.verdict, let first = ids.first, catalogue.isRegional(first) {
      var part = send(first, for: consideration)
      part.explanation.insert(why, at: 0)
      return [part]
    }
    return questions(in: ReadText(question)).map { part in
      var part = part
      part.explanation.insert(why, at: 0)
      return part
    }
  }

  private func region(named words: [String], among regions: [String]) -> String? {
    let text = words.joined(separator: " ")
    let own = regions.first { region in
      let name = Tokenizer.words(in: TextNormalizer.normalize(region))
      return !name.isEmpty && (name == words || " \(text) ".contains(" \(name.joined(separator: " ")) "))
    }
    return own
      ?? Countries.code(
        in: message.text, isAnswer: true, languages: [asker.language, phrasebook.language].compactMap(\.self))
  }

  /// "we are in Japan": the only one of the choices that holds there, where each holds in some regions.
  private func holdingThere(_ choices: [CandidateID], _ words: [String]) -> Int? {
    guard words.count <= 6, choices.count > 1, choices.allSatisfy(catalogue.isRegional),
      let region = region(named: words, among: [])
    else { return nil }
    var there = asker
    there.region = region
    let holding = choices.indices.filter { catalogue.availability(of: choices[$0], to: there) == .sendable }
    return holding.count == 1 ? holding.first : nil
  }

  /// The one of the choices that a rephrasing speaks for more than for any other, though it says too little on its own.
  private func rephrased(_ choices: [CandidateID]) -> Int? {
    let consideration = matcher.consider(read, asker: asker)
    guard consideration.matched == nil, consideration.verdict != .outOfScope,
      let first = consideration.candidates.first,
      first.confidence >= matcher.calibration.askAt,
      let place = choices.firstIndex(where: { catalogue.areSame($0, first.id) })
    else { return nil }
    let second = consideration.candidates.dropFirst().first?.confidence ?? 0
    return first.confidence >= 2 * second ? place : nil
  }
}
