package import Support

/// The person in front of the program, as far as a set-up needs one.
package protocol SetUpPrompter: Sendable {
  func tell(_ words: SetUpWords)

  /// - Parameter usual: what an empty line stands for.
  /// - Returns: one line.
  /// - Throws: `SetUpAbandoned` where there is no more to read.
  func ask(_ prompt: String, usual: String?) throws(SetUpAbandoned) -> String

  /// As `ask`, and nothing of it is shown.
  func askSecret(_ prompt: String) throws(SetUpAbandoned) -> Secret
}

/// What is said to them.
package enum SetUpWords: Sendable, Hashable {
  case heading(String)
  case step(Int, String)
  /// To be copied as it stands.
  case paste(String)
  case note(String)
  /// Something that was entered cannot be taken.
  case problem(String)
  case finding(ChannelFinding)
}

/// The person has left.
package struct SetUpAbandoned: Error, Sendable, Hashable {
  package init() {}
}
