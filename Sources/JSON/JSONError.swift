/// A text that is not a JSON document, or not one that is taken here.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    case empty
    /// The text ends inside the document.
    case endsEarly
    case syntax
    case invalidUTF8
    /// A NUL character where none can be: outside a string, unescaped, or in the name of a member.
    case nulCharacter
    case duplicateKey
    /// More follows after the document.
    case trailingText
    case tooDeep
    /// A number that neither 64-bit integers nor doubles can hold.
    case numberTooLarge
    case outOfMemory
  }

  package var code: Code
  /// Counted from 1; 0 where no place can be named.
  package var line: Int
  /// In characters (code points), counted from 1; 0 where no place can be named.
  package var column: Int
  /// In bytes from the start of the text, counted from 0.
  package var offset: Int
  /// What is wrong, without the text itself.
  package var message: String

  package var description: String {
    line > 0 ? "line \(line), column \(column): \(message)" : message
  }
}
