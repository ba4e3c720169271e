/// A unit that the classifier learns from.
struct ClassifierRow: Sendable {
  /// Its topic's number; negative for what must never be answered.
  var topic: Int
  var input: TopicClassifier.Input
  /// Against 1 for a line.
  var weight: Float
}

/// Which rows are to be scored as if they, or all of their topic, had not been learnt from.
struct HoldOut: Sendable {
  /// Each by itself.
  var alone: [Int]
  /// Each with every row of its topic; whole topics only.
  var topics: [Int]
}

/// A classifier with what it says of rows that it did not learn from, in closed form: no second training.
struct TrainedClassifier: Sendable {
  var classifier: TopicClassifier
  /// By row, a score for each topic.
  var alone: [Int: [Float]]
  /// By row, with its topic held out.
  var withoutTopic: [Int: [Float]]
}
