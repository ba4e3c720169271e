/// The web server could not start.
package struct ConsoleServerError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    case portInUse, notAllowed, noSuchAddress, failed
  }

  package var code: Code
  /// What failed, on what, and what to do.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
