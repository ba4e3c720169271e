/// A vocabulary that cannot be used.
package struct TokenizerError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with it, as the end of a sentence.
  package var description: String

  init(_ description: String) { self.description = description }
}
