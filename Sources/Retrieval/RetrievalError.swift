/// Why an index, a table or its file cannot be used.
package struct RetrievalError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    /// There is no such file.
    case missing
    /// The file is there and cannot be read.
    case unreadable
    /// No file of this program, or of another kind.
    case foreign
    /// Written by another version of the program.
    case otherVersion
    /// Made from other content than asked for.
    case otherContent
    /// Ends before its header says.
    case truncated
    /// Its checksum or its layout is wrong.
    case damaged
    /// The folder or the disk does not take the file.
    case notWritable
    /// What was handed in makes no sense: a number twice, a vector of another dimension.
    case invalid
  }

  package var code: Code
  /// What failed, on what, and what to do.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
