/// Text as chats show it: blocks have become line breaks, and what is bold, code or a link is marked piece by piece.
struct StyledText: Sendable, Hashable {
  enum Style: Sendable, Hashable {
    case bold, italic, strikethrough
    case code
    /// The language is empty where the author named none.
    case codeBlock(language: String)
    case quote
    case link(String)

    var isLink: Bool { if case .link = self { true } else { false } }

    var isCodeBlock: Bool { if case .codeBlock = self { true } else { false } }

    var isCode: Bool { self == .code || isCodeBlock }
  }

  struct Run: Sendable, Hashable {
    var text: String
    /// Outermost first.
    var styles: [Style]
  }

  private(set) var runs: [Run] = []

  /// Without any marks.
  var text: String { runs.map(\.text).joined() }

  var isBlank: Bool { runs.allSatisfy { $0.text.allSatisfy(\.isWhitespace) } }

  init(runs: [Run] = []) {
    for run in runs { append(run.text, run.styles) }
  }

  mutating func append(_ text: String, _ styles: [Style]) {
    guard !text.isEmpty else { return }
    if let last = runs.last, last.styles == styles {
      runs[runs.count - 1].text += text
    } else {
      runs.append(Run(text: text, styles: styles))
    }
  }
}
