package import Foundation
package import Support
import Text

/// People's corrections as outcomes: each corrected question is asked again, of the matcher as it is now.
package struct CorrectionOutcomes: Sendable {
  /// What a correction of today weighs, against 1 for a line of the workspace.
  package var weight: Double
  /// In days: after so many a correction weighs half, because the workspace and what is asked of it move on.
  package var halfLife: Double
  /// The longest kept, in days.
  package var longest: Double

  package init(weight: Double = 1, halfLife: Double = 180, longest: Double = 730) {
    self.weight = weight
    self.halfLife = halfLife
    self.longest = longest
  }

  /// The outcomes, oldest correction first. Of several corrections of one question the latest counts.
  /// - Parameters:
  ///   - now: what ages are counted to; what lies after it is as of now.
  ///   - ask: the best candidate for the question of a correction, with its confidence, and nil where nothing is found.
  ///     Where an author has since made the question a line of the workspace, that line must be held out.
  package func outcomes(
    of corrections: [Correction], at now: Date, catalogue: Catalogue, ask: (Correction) -> Candidate?
  ) -> [HeldOutOutcome] {
    var latest: [Key: Correction] = [:]
    for correction in corrections {
      let key = Key(correction)
      guard let known = latest[key], (known.at, known.interaction) > (correction.at, correction.interaction) else {
        latest[key] = correction
        continue
      }
    }
    return latest.values.sorted { ($0.at, $0.interaction, $0.question) < ($1.at, $1.interaction, $1.question) }
      .compactMap { correction in
        let age = max(0, now.timeIntervalSince(correction.at) / 86_400)
        // "Right" said of nothing says nothing of a candidate; what names something that is gone cannot be judged.
        guard age <= longest, let wanted = wanted(correction, catalogue), let found = ask(correction) else {
          return nil
        }
        return HeldOutOutcome(
          confidence: found.confidence, isRight: wanted.map { catalogue.areSame($0, found.id) } ?? false,
          weight: weight * exp2(-age / halfLife), group: catalogue.topicOf[found.id], source: .correction)
      }
  }

  /// What would have been right, `.some(nil)` where that is nothing; nil where the correction cannot be used.
  private func wanted(_ correction: Correction, _ catalogue: Catalogue) -> CandidateID?? {
    if case .nothingAnswers = correction.verdict { return .some(nil) }
    guard let id = correction.rightAnswer, catalogue.topicOf[id] != nil else { return nil }
    return .some(id)
  }

  private struct Key: Hashable {
    var question: String
    var language: String?
    var region: String?

    init(_ correction: Correction) {
      question = Tokenizer.words(in: TextNormalizer.normalize(correction.question)).joined(separator: " ")
      language = correction.language
      region = correction.region
    }
  }
}
