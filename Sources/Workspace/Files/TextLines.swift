import Support

/// The lines of a text, each with its own line break, so that what is not touched stays as it is.
struct TextLines {
  private struct Line {
    var text: String
    /// `\n`, `\r\n`, or nothing behind the last line.
    var lineBreak: String
  }

  private var lines: [Line] = []

  init(_ text: String) {
    var start = text.unicodeScalars.startIndex
    let scalars = text.unicodeScalars
    while let end = scalars[start...].firstIndex(of: "\n") {
      let isWide = end > start && scalars[scalars.index(before: end)] == "\r"
      let textEnd = isWide ? scalars.index(before: end) : end
      lines.append(Line(text: String(scalars[start..<textEnd]), lineBreak: isWide ? "\r\n" : "\n"))
      start = scalars.index(after: end)
    }
    if start < scalars.endIndex { lines.append(Line(text: String(scalars[start...]), lineBreak: "")) }
  }

  var text: String { lines.map { $0.text + $0.lineBreak }.joined() }
  var count: Int { lines.count }

  /// As most of the text has it.
  private var lineBreak: String {
    lines.count { $0.lineBreak == "\r\n" } * 2 > lines.count { !$0.lineBreak.isEmpty } ? "\r\n" : "\n"
  }

  var isBlankOrComment: Bool { lines.allSatisfy { Self.isBlank($0.text) || Self.isComment($0.text) } }

  /// YAML's own marks between documents: `---` may begin the first one.
  var documents: Int {
    let marks = lines.indices.filter { place in
      ["---", "..."].contains { mark in
        let text = lines[place].text
        return text.hasPrefix(mark) && text.dropFirst(3).first.map { $0 == " " || $0 == "\t" } ?? true
      }
    }
    let isOnlyStart = marks.allSatisfy { mark in
      lines[mark].text == "---" && lines[..<mark].allSatisfy { Self.isBlank($0.text) || Self.isComment($0.text) }
    }
    return marks.isEmpty || (isOnlyStart && marks.count == 1) ? 1 : marks.count + 1
  }

  /// Whether nothing but blanks stands before what is there.
  func startsBlock(at location: SourceLocation) -> Bool {
    guard lines.indices.contains(location.line - 1) else { return false }
    return lines[location.line - 1].text.prefix(location.column - 1).allSatisfy { $0 == " " }
  }

  /// How many blanks stand before the dash of an item; nil where there is none.
  func dash(of location: SourceLocation) -> Int? {
    // An item's own content may begin on the line behind its dash.
    for line in [location.line - 1, location.line - 2] where lines.indices.contains(line) {
      let margin = lines[line].text.prefix { $0 == " " }.count
      let rest = lines[line].text.dropFirst(margin)
      if rest.first == "-", rest.dropFirst().first.map({ $0 == " " }) ?? true { return margin }
      guard Self.isBlank(lines[line].text) || line == location.line - 1 else { return nil }
    }
    return nil
  }

  /// Behind the last line that belongs to a list, counted from 0: comments and blank lines in front of the next key stay
  /// with that.
  func end(of key: Int, before end: Int, inside indentation: Int) -> Int {
    var last = min(end - 1, lines.count)
    while last > key {
      let text = lines[last - 1].text
      let isOutside = Self.isComment(text) && text.prefix { $0 == " " }.count <= indentation
      guard Self.isBlank(text) || isOutside else { break }
      last -= 1
    }
    return last
  }

  /// Takes `[]` or `~` away from behind a key.
  /// - Returns: whether there is nothing else but, perhaps, a comment.
  mutating func empty(at line: Int, key: String) -> Bool {
    guard lines.indices.contains(line - 1) else { return false }
    let text = lines[line - 1].text
    let pattern = /( *(?:channels|"channels"|'channels')[ \t]*:)[ \t]*(\[[ \t]*\]|~|null)?([ \t]*|[ \t]+#.*)/
    guard let match = text.wholeMatch(of: pattern) else { return false }
    let comment = match.3.allSatisfy { $0 == " " || $0 == "\t" } ? "" : String(match.3)
    lines[line - 1].text = String(match.1) + comment
    return true
  }

  /// - Parameter place: behind so many lines.
  mutating func insert(_ new: [String], at place: Int) {
    let lineBreak = lineBreak
    if place > 0, lines.indices.contains(place - 1), lines[place - 1].lineBreak.isEmpty {
      lines[place - 1].lineBreak = lineBreak
    }
    lines.insert(contentsOf: new.map { Line(text: $0, lineBreak: lineBreak) }, at: min(place, lines.count))
  }

  mutating func append(_ new: [String]) { insert(new, at: lines.count) }

  private static func isBlank(_ text: String) -> Bool { text.allSatisfy { $0 == " " || $0 == "\t" } }
  private static func isComment(_ text: String) -> Bool { text.drop { $0 == " " || $0 == "\t" }.first == "#" }
}
