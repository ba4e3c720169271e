package import Foundation

/// A model file that cannot be used.
package struct ModelFileError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    /// There is none.
    case missing
    /// It is there and cannot be read.
    case unreadable
    /// Not a model file.
    case foreign
    /// Written by a newer program.
    case newer
    /// Cut off, or changed since it was written.
    case damaged
    /// A model file, of another model.
    case otherModel
  }

  package var code: Code
  package var file: URL
  /// Which file, what is wrong with it, and what to do.
  package var description: String

  /// - Parameter problem: the end of a sentence that begins with the file's path.
  init(_ code: Code, _ file: URL, _ problem: String) {
    self.code = code
    self.file = file
    description = "\(file.path(percentEncoded: false)) \(problem); run 'greenroom model install'"
  }
}
