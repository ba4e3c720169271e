import Support

/// What speaks for and against one topic as the answer to one text. Each is 0…1.
struct Signals: Sendable {
  /// Likeness with the topic's best line.
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

  /// All of them in one number, before anything has been learnt: only for who gets as far as being weighed.
  var plain: Float { 0.4 * best + 0.15 * nearest + 0.3 * middle + 0.35 * coverage }

  /// What tells topics apart, with a constant at the end.
  var forRanking: [Double] { [best, nearest, middle, coverage].map(Double.init) + [1] }
}

/// A topic with its signals and its best line.
struct RankedTopic: Sendable {
  var topic: Int
  var signals: Signals
  /// Index of the line that is most like the text; nil when no line is.
  var line: Int?
}
