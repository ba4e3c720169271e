/// A model that could not be installed.
package struct InstallError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    case noPython
    case noPip
    /// pip reached no package index.
    case noNetwork
    /// The index has no such version.
    case noSuchVersion
    case diskFull
    /// pip failed in another way.
    case downloadFailed
    case interrupted
    /// The wheel is not the one that was expected, byte for byte.
    case wrongChecksum
    /// The wheel of that name cannot be read.
    case unreadable
    /// The wheel has the right checksum and not what this program reads.
    case unexpectedContent
    case cannotWrite
  }

  package var code: Code
  /// What failed, on what, and what to do.
  package var description: String

  init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }
}
