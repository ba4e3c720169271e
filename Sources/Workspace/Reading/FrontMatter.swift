import Support

/// An article's file in its two parts.
struct FrontMatter {
  /// The YAML between the two lines `---`.
  var yaml: String
  /// The Markdown after it, without blank lines around it; lines end with LF.
  var body: String
  /// Where the body begins, or would.
  var bodyLocation: SourceLocation

  /// Nil and a problem when the file does not begin with front matter, or it does not end.
  init?(_ file: SourceText, _ problems: ProblemLog) {
    let lines = Self.lines(of: file.text)
    func isFence(_ line: Substring) -> Bool {
      line.hasPrefix("---") && line.dropFirst(3).allSatisfy { $0 == " " || $0 == "\t" }
    }
    let start = SourceLocation(file: file.file)
    guard let first = lines.first, isFence(first) else {
      problems.error(
        at: start, "An article begins with front matter: '---' on the first line, 'title: …', and '---' again.")
      return nil
    }
    guard let end = lines.dropFirst().firstIndex(where: isFence) else {
      problems.error(at: start, "The front matter does not end: put '---' on a line of its own before the body.")
      return nil
    }
    // The line feed that closes the last line; a comment there would otherwise swallow nothing but be unterminated.
    yaml = lines[1..<end].joined(separator: "\n") + "\n"
    let isBlank: (Substring) -> Bool = { $0.allSatisfy(\.isWhitespace) }
    let after = lines[(end + 1)...].drop(while: isBlank)
    bodyLocation = SourceLocation(file: file.file, line: after.isEmpty ? end + 1 : after.startIndex + 1)
    let text = after.joined(separator: "\n")
    body = text.lastIndex { !$0.isWhitespace }.map { String(text[...$0]) } ?? ""
  }

  /// Ended by LF, CR LF or CR. By bytes: an end of a line is never part of another character.
  private static func lines(of text: String) -> [Substring] {
    var lines: [Substring] = []
    let bytes = text.utf8
    var start = bytes.startIndex
    var place = start
    while place < bytes.endIndex {
      let byte = bytes[place]
      let next = bytes.index(after: place)
      guard byte == 0x0A || byte == 0x0D else {
        place = next
        continue
      }
      lines.append(text[start..<place])
      start = byte == 0x0D && next < bytes.endIndex && bytes[next] == 0x0A ? bytes.index(after: next) : next
      place = start
    }
    lines.append(text[start...])
    return lines
  }
}
