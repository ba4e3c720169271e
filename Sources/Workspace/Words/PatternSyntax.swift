import Support
import Text

/// What is wrong with a pattern of an author.
enum PatternSyntax {
  /// Reports a pattern that does not compile (an error) or that matches everything (a warning).
  static func check(_ line: AuthoredLine, _ problems: ProblemLog) {
    do {
      if try Pattern(line.text).matches(in: "") {
        problems.warning(
          at: line.location, "This pattern matches the empty text, and so every message; make it say something.")
      }
    } catch {
      problems.error(at: line.location, "This pattern does not compile. \(error.message)")
    }
  }
}
