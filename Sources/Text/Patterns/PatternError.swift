/// A regular expression that cannot be used.
package struct PatternError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Its place in the list that was given, from 0; 0 for a single pattern.
  package var index: Int
  /// What is wrong with it and what to do, for its author.
  package var message: String

  package init(index: Int, message: String) {
    self.index = index
    self.message = message
  }

  package var description: String { message }

  /// RE2 says a kind and a piece of the pattern, as in `missing ): (late`.
  static func saying(_ words: String, at index: Int) -> PatternError {
    guard !words.isEmpty else {
      return PatternError(
        index: index, message: "The pattern could not be compiled because memory ran out. Make it shorter.")
    }
    if words.hasPrefix("pattern too large") {
      return PatternError(
        index: index,
        message: "The pattern is too large once its repetitions are written out. Lower the numbers in {…}.")
    }
    var message = "The pattern is not a regular expression that RE2 can read: \(words)"
    if !message.hasSuffix(".") { message += "." }
    if words.hasPrefix("invalid perl operator") || words.hasPrefix("invalid escape sequence") {
      message += " Look-around and back-references are not supported."
    }
    return PatternError(index: index, message: message)
  }
}

extension PatternError {
  /// Lends a buffer for RE2's words and gives them beside the result.
  static func words<Result>(
    _ body: (UnsafeMutablePointer<CChar>?, Int) -> Result
  ) -> (result: Result, words: String) {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
      buffer.initialize(repeating: 0)
      let result = body(buffer.baseAddress, buffer.count)
      let words = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      return (result, String(decoding: words, as: UTF8.self))
    }
  }
}
