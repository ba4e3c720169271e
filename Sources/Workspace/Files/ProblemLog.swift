import Support

/// What is wrong with a workspace, gathered while it is read. A class, so that every reader adds to the same one.
final class ProblemLog {
  private(set) var problems: [Problem] = []

  func error(at location: SourceLocation, _ message: String) {
    problems.append(Problem(.error, at: location, message))
  }

  func warning(at location: SourceLocation, _ message: String) {
    problems.append(Problem(.warning, at: location, message))
  }

  var hasErrors: Bool { problems.contains { $0.severity == .error } }

  /// In the order of files and lines, each once.
  var sorted: [Problem] {
    Set(problems).sorted {
      ($0.location, $0.severity.rawValue, $0.message) < ($1.location, $1.severity.rawValue, $1.message)
    }
  }
}
