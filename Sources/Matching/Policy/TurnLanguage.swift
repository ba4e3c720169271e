import Support
import Text

/// Which language a turn is in: the channel's word for it, else what the text gives away, else what the conversation was in.
struct TurnLanguage: Sendable {
  /// BCP 47; nil where nobody knows.
  let language: String?
  /// Why, where the text decided.
  let evidence: Evidence?

  /// A text shorter than this is not worth reading: "ok" is said everywhere.
  private static let fewestLetters = 3

  init(_ message: Message, in state: ConversationState, matcher: Matcher) {
    if let declared = message.language {
      language = declared
      evidence = nil
      return
    }
    let text = ReadText.cut(message.text)
    let recognized = matcher.recognizer.recognize(text, expecting: matcher.expectedLanguages, before: state.language)
    guard let found = recognized.language, recognized.confidence >= LanguageRecognizer.sureAt,
      text.unicodeScalars.lazy.filter({ $0.properties.isAlphabetic }).prefix(Self.fewestLetters).count
        == Self.fewestLetters || Tokenizer.hasUnspacedScript(text)
    else {
      language = state.language
      evidence = nil
      return
    }
    // "pt-BR" from before says more than "pt" now.
    if let before = state.language, before.isSameLanguage(as: found) {
      language = before
    } else {
      language = found
    }
    evidence = Evidence(
      .state, "The language of the text is \(found), as sure as \(Matcher.rounded(recognized.confidence)).",
      score: recognized.confidence)
  }
}
