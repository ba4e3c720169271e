import Foundation

/// What is printed for people. Colours only on a terminal, and never with NO_COLOR (no-color.org) or TERM=dumb.
enum Terminal {
  enum Style: String {
    case bold = "1"
    case dim = "2"
    case red = "31"
    case green = "32"
    case yellow = "33"
    case blue = "34"
  }

  static let hasColours: Bool = {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
  }()

  /// In columns; nil when the output is no terminal.
  static var width: Int? {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  static func styled(_ text: String, _ styles: Style...) -> String {
    guard hasColours, !styles.isEmpty else { return text }
    return "\u{1B}[\(styles.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
  }

  /// Chat text as it may be shown on a terminal: control characters would move the cursor or change the screen.
  static func harmless(_ text: String) -> String {
    let keepsIsolates = hasClosedIsolates(text)
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          if scalar == "\n" || scalar == "\t" { return scalar }
          let isControl = scalar.properties.generalCategory == .control
          let isIsolate = (0x2066...0x2069).contains(scalar.value)
          let isBidi = (0x202A...0x202E).contains(scalar.value) || (isIsolate && !keepsIsolates)
          return isControl || isBidi ? "\u{FFFD}" : scalar
        }))
  }

  /// Whether every directional isolate is closed on its own line, as in the bot's own right-to-left sentences: then none
  /// of them turns anything outside.
  private static func hasClosedIsolates(_ text: String) -> Bool {
    var depth = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x2066...0x2068: depth += 1
      case 0x2069: depth -= 1
      case 0x0A where depth != 0: return false
      default: break
      }
      if depth < 0 { return false }
    }
    return depth == 0
  }

  static func complain(_ text: String) {
    FileHandle.standardError.write(Data("greenroom: \(harmless(text))\n".utf8))
  }

  /// A bare line on standard error.
  static func note(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
  }
}
