package import Support

/// A question with what a careful person would send.
package struct LabelledQuestion: Sendable, Hashable {
  package enum Expectation: Sendable, Hashable {
    /// Nobody can answer it from the workspace: it must not be answered.
    case none
    /// Each of these alone would be right.
    case any([CandidateID])
    /// The message asks several things, and each of these is wanted.
    case all([CandidateID])
  }

  package var text: String
  package var expectation: Expectation
  package var language: String?
  package var region: String?
  /// What sort of question it is, for counts by sort.
  package var kind: String?

  package init(
    text: String, expectation: Expectation, language: String? = nil, region: String? = nil, kind: String? = nil
  ) {
    self.text = text
    self.expectation = expectation
    self.language = language
    self.region = region
    self.kind = kind
  }
}
