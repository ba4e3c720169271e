/// A file of weights that cannot be read: damaged, or not what it should be.
package struct WeightsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with it, as the end of a sentence.
  package var description: String

  init(_ description: String) { self.description = description }
}
