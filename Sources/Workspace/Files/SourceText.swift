import Foundation
import Support

/// The text of one file: proven UTF-8 without a byte order mark and without characters that YAML forbids.
struct SourceText {
  /// Larger than any file a person writes; what is larger is there by mistake.
  static let largestFile = 8 * 1024 * 1024

  var file: String
  /// As on disk: for the version of the workspace.
  var bytes: [UInt8]
  var text: String

  /// Reads a file of the workspace; nil and a problem when it cannot be read as text.
  init?(_ entry: WorkspaceFolder.Entry, in folder: WorkspaceFolder, _ problems: ProblemLog) {
    let start = SourceLocation(file: entry.path)
    guard entry.status.size <= Self.largestFile else {
      problems.error(at: start, Self.tooLarge)
      return nil
    }
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + entry.path))
      // It may have grown since it was looked at.
      guard data.count <= Self.largestFile else {
        problems.error(at: start, Self.tooLarge)
        return nil
      }
      self.init(bytes: [UInt8](data), file: entry.path, problems)
    } catch {
      problems.error(at: start, "This file cannot be read; check its permissions.")
      return nil
    }
  }

  init?(bytes: [UInt8], file: String, _ problems: ProblemLog) {
    self.file = file
    self.bytes = bytes
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      problems.error(at: SourceLocation(file: file), "This file is UTF-16; save it as UTF-8.")
      return nil
    }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    guard let text = String(validating: content, as: UTF8.self) else {
      problems.error(at: Self.firstInvalid(in: content, file: file), "This is not valid UTF-8; save the file as UTF-8.")
      return nil
    }
    self.text = text
    if let (scalar, location) = Self.firstForbidden(in: text, file: file) {
      let name =
        scalar == 0 ? "A NUL character" : "The control character U+\(String(format: "%04X", scalar))"
      problems.error(at: location, "\(name) is not allowed in text; remove it.")
      return nil
    }
  }

  private static let tooLarge =
    "This file is larger than \(largestFile / 1024 / 1024) MiB; split it into several."

  /// Counts lines and columns as libyaml does: LF, CR LF and CR end a line.
  private struct Position {
    var line = 1
    var column = 1
    private var afterCarriageReturn = false

    mutating func advance(over scalar: UInt32) {
      if scalar == 0x0A {
        if !afterCarriageReturn { line += 1 }
        column = 1
      } else if scalar == 0x0D {
        line += 1
        column = 1
      } else {
        column += 1
      }
      afterCarriageReturn = scalar == 0x0D
    }
  }

  private static func firstInvalid(in bytes: ArraySlice<UInt8>, file: String) -> SourceLocation {
    var position = Position()
    var decoder = UTF8()
    var iterator = bytes.makeIterator()
    while case .scalarValue(let scalar) = decoder.decode(&iterator) { position.advance(over: scalar.value) }
    return SourceLocation(file: file, line: position.line, column: position.column)
  }

  private static func firstForbidden(in text: String, file: String) -> (UInt32, SourceLocation)? {
    var position = Position()
    for scalar in text.unicodeScalars {
      let value = scalar.value
      let isAllowed =
        value >= 0x20
        ? value != 0x7F && !(0x80...0x9F ~= value && value != 0x85) && value != 0xFFFE && value != 0xFFFF
        : value == 0x09 || value == 0x0A || value == 0x0D
      if !isAllowed { return (value, SourceLocation(file: file, line: position.line, column: position.column)) }
      position.advance(over: value)
    }
    return nil
  }
}
