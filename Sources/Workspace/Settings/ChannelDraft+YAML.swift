package import Support

extension ChannelDraft {
  /// A line of the entry, and the key whose value stands on it.
  struct Line: Sendable, Hashable {
    var key: String
    var text: String
  }

  /// As an item of the list below `channels:`, without line breaks.
  /// - Parameter indentation: blanks before the dash.
  func lines(indentedBy indentation: Int) -> [Line] {
    let margin = String(repeating: " ", count: indentation)
    var lines = [
      Line(key: "name", text: "\(margin)- name: \(Self.scalar(name))"),
      Line(key: "type", text: "\(margin)  type: \(Self.scalar(type))"),
    ]
    for field in fields {
      let start = "\(margin)  \(Self.scalar(field.key)):"
      switch field.value {
      case .text(let text): lines.append(Line(key: field.key, text: "\(start) \(Self.scalar(text))"))
      case .words(let words):
        lines.append(
          Line(key: field.key, text: "\(start) [\(words.map(Self.scalar).joined(separator: ", "))]"))
      case .secret(let source): lines.append(Line(key: field.key, text: "\(start) \(Self.map(source))"))
      case .secretBelow(let below, let source):
        lines.append(Line(key: field.key, text: "\(start) {\(Self.scalar(below)): \(Self.map(source))}"))
      case .rooms(let rooms):
        lines.append(Line(key: field.key, text: start + (rooms.isEmpty ? " []" : "")))
        for room in rooms {
          let answer = room.answering.map { ", answer: \($0.rawValue)" } ?? ""
          lines.append(
            Line(key: field.key, text: "\(margin)    - {room: \(Self.quoted(room.id))\(answer)}"))
        }
      }
    }
    return lines
  }

  /// The entry for people to paste.
  package var pasteable: String {
    (["channels:"] + lines(indentedBy: 2).map(\.text)).joined(separator: "\n")
  }

  private static func map(_ source: SecretSource) -> String {
    switch source {
    case .environment(let name): "{env: \(scalar(name))}"
    case .file(let path): "{file: \(scalar(path))}"
    }
  }

  private static let wordsOfYAML: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

  /// Without quotes only where no reader of YAML could take it for anything else, or where a number or a yes is meant.
  private static func scalar(_ text: String) -> String {
    let isWord =
      text.utf8.first.map { isLetterOrDigit($0) } == true && text.utf8.count <= 200
      && text.utf8.allSatisfy { isLetterOrDigit($0) || "_./:-".utf8.contains($0) }
      && text.utf8.last != UInt8(ascii: ":")
    let isNumberOrYes = ["true", "false", "yes", "no"].contains(text) || text.utf8.allSatisfy(isDigit)
    let looksLikeNumber = text.utf8.first.map(isDigit) == true
    guard isWord, isNumberOrYes || (!looksLikeNumber && !wordsOfYAML.contains(text.lowercased())) else {
      // `5m` and `10.0.0.7` are words to every reader; 1e3, 0x10 and 2026-11-23 are not.
      return isWord && isLength(text) ? text : quoted(text)
    }
    return text
  }

  private static func isLength(_ text: String) -> Bool {
    text.utf8.dropLast().allSatisfy(isDigit) && ["s", "m", "h", "d"].contains(text.last) && text.utf8.count > 1
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// In double quotes, all that is not plain to see written as an escape (YAML 1.2, 5.7).
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case _
      where scalar.properties.generalCategory == .control || scalar.value == 0xFEFF
        || (0x2028...0x2029).contains(scalar.value) || (0xFFFE...0xFFFF).contains(scalar.value):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        quoted += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
