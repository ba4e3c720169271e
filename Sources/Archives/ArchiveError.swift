/// An archive that cannot be read.
package struct ArchiveError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    /// Not a zip file, or a damaged one.
    case damaged
    /// There is no file of that name in it.
    case missing
    /// A file in it is larger than the caller takes.
    case tooLarge
    case unreadable
  }

  package var code: Code
  /// What is wrong with it, as the end of a sentence.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
