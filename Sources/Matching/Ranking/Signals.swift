import Support

/// What speaks for and against one topic as the answer to one text. Each is 0…1 where nothing else is said.
struct Signals: Sendable {
  /// What a sentence encoder makes of it: cosines.
  struct Meaning: Sendable {
    /// With the topic's nearest line.
    var line: Float = 0
    /// Mean with its three nearest lines.
    var lines: Float = 0
    /// With the nearest passage of its bodies.
    var passage: Float = 0
    /// Mean with the three nearest.
    var passages: Float = 0

    var best: Float { max(line, passage) }
  }

  /// Of the classifier: about 1 for the topic that is meant and 0 for the others, not bounded.
  var classifier: Float = 0
  /// By encoder.
  var meanings: [Meaning] = []
  /// Likeness, in words and characters, with the topic's best line.
  var best: Float
  /// Mean likeness with its three best lines.
  var nearest: Float
  /// Likeness with the middle of its lines.
  var middle: Float
  /// How much of the text everything written on the topic speaks of.
  var coverage: Float
  /// How much of the text the workspace knows at all.
  var known: Float
  /// Likeness with the best line of what must never be answered.
  var outOfScope: Float
  /// The same by the encoders: mean of their best cosines.
  var outOfScopeMeaning: Float = 0
  /// The unit of that line.
  var outOfScopeUnit: Int?

  /// All of words and characters in one number, before anything has been learnt: only for who gets as far as being weighed.
  var plain: Float { Self.plain(best: best, nearest: nearest, middle: middle, coverage: coverage) }

  static func plain(best: Float, nearest: Float, middle: Float, coverage: Float) -> Float {
    0.4 * best + 0.15 * nearest + 0.3 * middle + 0.35 * coverage
  }

  /// Everything in one number: the same, with what the classifier says.
  var rough: Float { plain + 1.5 * classifier + 1.5 * meaning }

  /// Mean of the encoders' best cosines.
  var meaning: Float { meanings.isEmpty ? 0 : meanings.reduce(0) { $0 + $1.best } / Float(meanings.count) }

  /// The names of `forRanking`, for people.
  static func names(encoders: [String]) -> [String] {
    [
      "all lines together", "words and characters", "its three likest lines", "the middle of its lines",
      "what it speaks of",
    ]
      + encoders.flatMap {
        ["nearest line by \($0)", "nearest lines by \($0)", "nearest passage by \($0)", "nearest passages by \($0)"]
      }
  }

  /// What tells topics apart.
  var forRanking: [Double] {
    [classifier, best, nearest, middle, coverage].map(Double.init)
      + meanings.flatMap { [$0.line, $0.lines, $0.passage, $0.passages].map(Double.init) }
  }

  var isLikeOutOfScope: Bool {
    // A word in common is no likeness; with encoders it is their word that counts.
    outOfScope > best && (meanings.isEmpty ? outOfScope > 0.15 : outOfScopeMeaning > meaning)
  }
}

/// A topic with its signals and its best units.
struct RankedTopic: Sendable {
  var topic: Int
  var signals: Signals
  /// Those of the workspace that are most like the text, by how alike they are, 0…1.
  var nearest = BestUnits()

  /// The one that is most like the text; nil when none is.
  var unit: Int? { nearest.unit }
}
