import Support

/// What speaks for and against one topic as the answer to one text. Each is 0…1 but for `lead`, which is -1…1.
struct Signals: Sendable {
  /// Likeness with the topic's best line.
  var best: Float
  /// Mean likeness with its three best lines.
  var nearest: Float
  /// How much of the text its article's body speaks of.
  var body: Float
  /// How much of the text the workspace knows at all.
  var known: Float
  /// Likeness with the best line of what must never be answered.
  var outOfScope: Float
  /// How far the topic is ahead of the best other one, by `plain`.
  var lead: Float

  /// All of them in one number, before anything has been learnt: only for `lead` and for who gets that far.
  var plain: Float { 0.65 * best + 0.2 * nearest + 0.25 * body }

  /// As the calibration takes them, with a constant at the end.
  var vector: [Double] {
    [best, nearest, body, known, outOfScope, lead].map(Double.init) + [1]
  }
}

/// A topic with its signals and its best line.
struct RankedTopic: Sendable {
  var topic: Int
  var signals: Signals
  /// Index of the line that is most like the text; nil when only the body speaks for it.
  var line: Int?
}
