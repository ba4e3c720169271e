package import Foundation

/// What a person found about something the bot did: that it was right, or what would have been.
///
/// The log keeps what was done; a correction says what should have been. Thresholds learn from both.
package struct Correction: Sendable, Hashable, Codable {
  package enum Verdict: Sendable, Hashable, Codable {
    /// What was matched was what the asker wanted.
    case right
    /// This would have been right, whatever was done.
    case shouldHaveBeen(CandidateID)
    /// Nothing of the workspace answers the question: a person was needed, or nobody.
    case nothingAnswers
  }

  /// The line of the log it is about.
  package var interaction: Int
  /// The question alone, in the asker's words: one part of a message where there were several.
  package var question: String
  /// Of the asker, BCP 47.
  package var language: String?
  /// Of the asker.
  package var region: String?
  /// What the bot did about this question.
  package var did: Decision.Kind
  /// What it matched; nil when nothing was.
  package var matched: CandidateID?
  /// Of the best candidate at the time, 0…1.
  package var confidence: Double
  /// The workspace that decided.
  package var workspaceVersion: String
  package var verdict: Verdict
  /// Who found it, and when.
  package var by: String
  package var at: Date

  package init(
    interaction: Int, question: String, language: String? = nil, region: String? = nil, did: Decision.Kind,
    matched: CandidateID? = nil, confidence: Double, workspaceVersion: String, verdict: Verdict, by: String, at: Date
  ) {
    self.interaction = interaction
    self.question = question
    self.language = language
    self.region = region
    self.did = did
    self.matched = matched
    self.confidence = confidence
    self.workspaceVersion = workspaceVersion
    self.verdict = verdict
    self.by = by
    self.at = at
  }

  /// What is known to be the right answer; nil where nothing of the workspace is, or where "right" was said of nothing.
  package var rightAnswer: CandidateID? {
    switch verdict {
    case .right: matched
    case .shouldHaveBeen(let id): id
    case .nothingAnswers: nil
    }
  }
}
