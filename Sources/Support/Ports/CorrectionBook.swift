package import Foundation

/// What people found about the bot's decisions, kept beside the log and only ever added to: of several findings on one
/// question the last counts. All calls throw `LedgerError`.
package protocol CorrectionBook: Sendable {
  /// Writes down what a person found about one question of a message.
  /// - Parameters:
  ///   - interaction: the line of the log of a message that came in.
  ///   - part: which of its questions, from 0; nil where it has only one.
  /// - Throws: also `CorrectionError`.
  @discardableResult
  func correct(
    _ interaction: Int, part: Int?, verdict: Correction.Verdict, by person: String, at now: Date
  ) async throws -> Correction

  /// The last finding on each question, in the order in which they were found.
  func corrections() async throws -> [Correction]

  /// Rises with each finding; 0 while there is none. Cheap.
  func correctionCounter() async throws -> Int
}

/// There is nothing there that could be corrected.
package struct CorrectionError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    case noSuchMessage
    /// A line that went out: what is corrected is the decision on the message that it answers.
    case notDecided
    case noSuchPart
    /// The message asks several things.
    case whichPart
  }

  package var code: Code
  /// What is wrong and what to do.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
