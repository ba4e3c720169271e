/// Turns texts into vectors, so that texts of like meaning get vectors of like direction.
///
/// An adapter is safe to call from several threads at once. What it gives depends on the text alone: the same text gets the
/// same vector whatever else is in the batch, so that decisions can be replayed.
package protocol SentenceEncoder: Sendable {
  /// Short and stable, such as `minilm-l6-v2`: in `/health`, in settings and in explanations.
  var name: String { get }
  /// Says which weights and which precision: only vectors of the same version may be compared. Part of cache keys.
  var version: String { get }
  /// How many numbers a vector has.
  var dimension: Int { get }
  /// Primary BCP 47 subtags of the languages it was made for; empty where that is not known.
  var languages: Set<String> { get }

  /// Whole words of its only language, the commonest first; empty where it has several, or nobody knows. For spelling.
  var commonWords: [String] { get }

  /// The vectors of `texts`, in their order, each of length 1. A text with nothing in it (empty, only invisible
  /// characters) gets whatever the model gives for no tokens; it never throws for a text's content. Texts longer than the
  /// model reads are cut where it stops reading.
  /// - Throws: `SentenceEncoderError` where a service that was asked did not answer. In-process models do not throw.
  func encode(_ texts: [String]) throws -> [[Float]]
}

extension SentenceEncoder {
  package var commonWords: [String] { [] }
}

/// Why there are no vectors.
package struct SentenceEncoderError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence that is fit to show: what failed, on what, and what to do.
  package var description: String
  /// Whether the same call may go well later.
  package var isRetriable: Bool

  package init(_ description: String, isRetriable: Bool) {
    self.description = description
    self.isRetriable = isRetriable
  }
}
