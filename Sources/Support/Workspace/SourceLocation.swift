/// A place in a file of the workspace.
package struct SourceLocation: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
  /// Relative to the workspace folder, with `/`.
  package var file: String
  /// From 1; in characters (Unicode scalars), as editors count.
  package var line: Int
  package var column: Int

  package init(file: String, line: Int = 1, column: Int = 1) {
    self.file = file
    self.line = line
    self.column = column
  }

  /// `intents/payouts.yml:12:7`, as compilers write it.
  package var description: String { "\(file):\(line):\(column)" }

  package static func < (one: SourceLocation, other: SourceLocation) -> Bool {
    (one.file, one.line, one.column) < (other.file, other.line, other.column)
  }
}

/// Something wrong, or doubtful, in a workspace.
package struct Problem: Sendable, Hashable, Codable {
  package enum Severity: String, Sendable, Hashable, Codable {
    case error, warning
  }

  package var severity: Severity
  package var location: SourceLocation
  /// One sentence: what is wrong, and what to do where that is not plain.
  package var message: String

  package init(_ severity: Severity, at location: SourceLocation, _ message: String) {
    self.severity = severity
    self.location = location
    self.message = message
  }
}
