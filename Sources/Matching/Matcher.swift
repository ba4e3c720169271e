package import Foundation
package import Support
import Text

/// A workspace made ready to decide: rules compiled, lines indexed, thresholds learnt. Immutable; made anew when the
/// workspace changes.
package struct Matcher: Sendable {
  package let catalogue: Catalogue
  let rules: CertainRules
  let ranker: Ranker
  let corrections: [Correction]
  let calibration: Calibration
  let entities: EntityReader
  let phrasebooks: Phrasebooks
  let comprehensions: Comprehensions
  let recognizer = LanguageRecognizer.shared
  let expectedLanguages: ExpectedLanguages

  /// Takes time: it encodes every line, learns from them and asks them back to learn the thresholds.
  /// - Parameters:
  ///   - encoders: what turns texts into vectors; none: words and characters alone decide.
  ///   - cache: keeps vectors and what was learnt for the next time.
  ///   - corrections: what people found about earlier decisions, oldest first; thresholds learn from them.
  ///   - progress: told how far it has got, on the caller's thread.
  package init(
    _ content: WorkspaceContent, encoders: [any SentenceEncoder] = [], cache: (any ModelCache)? = nil,
    corrections: [Correction] = [], progress: @escaping @Sendable (MatcherProgress) -> Void = { _ in }
  ) {
    let catalogue = Catalogue(content)
    let store = VectorStore(cache: cache, progress: progress)
    let learning = KeptLearning(content, cache: cache)
    let ranker = Ranker(catalogue, encoders: encoders, store: store, learning: learning)
    let lesson = ranker.keptLesson ?? Lesson(ranker, catalogue)
    if ranker.keptLesson == nil { learning.keep(ranker.classifier, lesson, of: ranker.spaces.map(\.encoder)) }
    self.catalogue = catalogue
    self.ranker = ranker
    self.corrections = corrections
    rules = CertainRules(content.intents)
    calibration = Calibration(lesson, ranker, catalogue: catalogue, corrections: corrections)
    entities = EntityReader(content.entities)
    let language = content.settings.language
    phrasebooks = Phrasebooks(content.phrases, language: language)
    comprehensions = Comprehensions(content.phrases, language: language)
    expectedLanguages = ExpectedLanguages(
      standard: language, written: Set(content.articles.map(\.language) + content.intents.map(\.language)),
      spoken: Set(content.phrases.map(\.language)))
  }

  package var content: WorkspaceContent { catalogue.content }

  /// What has been learnt from the workspace, for people: the weight of each signal, the threshold and what set it.
  package var lesson: String { calibration.summary(encoders: ranker.spaces.map(\.encoder.name)) }

  /// What to do about `message`. A pure function: the same arguments give the same decision, whenever and wherever.
  /// - Parameters:
  ///   - state: the conversation before this message.
  ///   - now: for validity, service levels and nothing else.
  package func decide(_ message: Message, in state: ConversationState, at now: Date) -> Decision {
    var turn = Turn(matcher: self, message: message, state: state, now: now)
    return turn.decide()
  }

  /// Candidates for a text on its own, best first, with the threshold from which on the first is answered.
  package func candidates(for text: String, asker: Asker) -> (candidates: [Candidate], answerAt: Double) {
    (consider(text, asker: asker).candidates, calibration.threshold(for: nil).value)
  }
}
