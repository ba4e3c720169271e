/// The confidence from which on something is answered, and what set it.
package struct Threshold: Sendable, Hashable {
  package enum Ground: Sendable, Hashable {
    /// The outcomes show that the bound holds from here on.
    case shown
    /// There are too few outcomes to show that any threshold keeps the bound: a cautious default.
    case tooFew
    /// There are outcomes enough, and no threshold keeps the bound: nothing is answered.
    case unreachable
  }

  /// Answered is a confidence of this or more; over 1 where nothing may be answered.
  package var value: Double
  package var ground: Ground
  /// In words, to follow a colon and end with a full stop put there: how many outcomes, what share of them wrong, what
  /// set the threshold.
  package var basis: String

  package func admits(_ confidence: Double) -> Bool { confidence >= value }

  /// Above every confidence.
  static let never = 1.0.nextUp
}
