import Channels
import Foundation
import Support

/// A set-up at the terminal that the program was started from.
struct TerminalPrompter: SetUpPrompter {
  /// Where words go; results may be wanted alone on standard output.
  let handle: FileHandle

  private static let margin = "   "

  func tell(_ words: SetUpWords) {
    switch words {
    case .heading(let text): say("\n" + Terminal.styled(Terminal.harmless(text), .bold) + "\n")
    case .step(let number, let text):
      let label = String(number) + "."
      say(paragraph(text, first: label + String(repeating: " ", count: max(1, 3 - label.count))) + "\n")
    case .paste(let text):
      say(Terminal.styled(text, .dim) + "\n")
    case .note(let text): say(Self.margin + Terminal.styled(Terminal.harmless(text), .dim))
    case .problem(let text): say(Self.margin + Terminal.styled("✗", .red, .bold) + " " + Terminal.harmless(text))
    case .finding(let finding): say(Self.line(finding))
    }
  }

  static func line(_ finding: ChannelFinding) -> String {
    let mark = finding.isGood ? Terminal.styled("✓", .green) : Terminal.styled("✗", .red, .bold)
    return margin + mark + " " + Terminal.harmless(finding.text)
  }

  func ask(_ prompt: String, usual: String?) throws(SetUpAbandoned) -> String {
    show(prompt, usual)
    guard let line = readLine() else { throw SetUpAbandoned() }
    return line
  }

  func askSecret(_ prompt: String) throws(SetUpAbandoned) -> Secret {
    guard let entry = HiddenEntry() else { throw SetUpAbandoned() }
    // Nothing is asked before nothing is shown.
    show(prompt, nil)
    defer { say("") }
    return try entry.read()
  }

  private func show(_ prompt: String, _ usual: String?) {
    let suffix = usual.map { Terminal.styled(" [\($0)]", .dim) } ?? ""
    fflush(nil)
    let question = Terminal.styled("? ", .blue, .bold) + Self.marked(Terminal.harmless(prompt))
    handle.write(Data((question + suffix + ": ").utf8))
  }

  private func say(_ text: String) {
    fflush(nil)
    handle.write(Data((text + "\n").utf8))
  }

  /// Broken at blanks; names of buttons stand out.
  private func paragraph(_ text: String, first: String) -> String {
    let width = max(30, min(Terminal.width ?? 88, 88)) - Self.margin.count
    var lines: [String] = []
    var line = ""
    for word in Terminal.harmless(text).split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      line += line.isEmpty ? String(word) : " " + word
    }
    lines.append(line)
    return first + Self.marked(lines.joined(separator: "\n" + Self.margin))
  }

  private static func marked(_ text: String) -> String {
    text.split(separator: "**", omittingEmptySubsequences: false).enumerated().map { place, piece in
      place % 2 == 0 ? String(piece) : Terminal.styled(String(piece), .bold)
    }.joined()
  }
}
