import Support
import Text

extension Turn {
  /// The title to show for a candidate: that of the version which would be sent.
  func title(of id: CandidateID) -> String {
    guard case .article(let article) = id, let version = catalogue.version(of: article, in: asker.language) else {
      return catalogue.title(of: id)
    }
    return version.title
  }

  /// Says once, before the first answer that is there in another language only, that it is.
  func sayWhichLanguage(_ parts: inout [Decision.Part]) {
    guard let wanted = asker.language, phrasebook.language.isSameLanguage(as: wanted) else { return }
    guard smallTalk == nil else { return }
    for index in parts.indices where parts[index].kind == .answer {
      guard let id = parts[index].matched, let reply = parts[index].reply,
        let language = languageSent(id), !language.isSameLanguage(as: wanted)
      else { continue }
      parts[index].reply = Reply(pieces: [.text("\(phrasebook.onlyIn(language))\n\n")] + reply.pieces)
      parts[index].explanation.append(
        Evidence(.policy, "It is not there in \(wanted): sent in \(language), and said so.", candidate: id))
      return
    }
  }

  /// The language of what an answer sends.
  func languageSent(_ id: CandidateID) -> String? {
    switch id {
    case .article(let article): return catalogue.version(of: article, in: asker.language)?.language
    case .intent(let name):
      guard let intent = catalogue.intents[name] else { return nil }
      if case .article(let article) = intent.action {
        return catalogue.version(of: article, in: asker.language)?.language
      }
      return intent.language
    }
  }
}
