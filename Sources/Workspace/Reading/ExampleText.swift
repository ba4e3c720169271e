import Support

/// Takes the `[text](entity)` marks out of an example. What only looks like a mark, a link for instance, stays text.
enum ExampleText {
  static func read(_ line: String, at location: SourceLocation) -> Example {
    guard line.utf8.contains(UInt8(ascii: "[")) else { return Example(line, at: location) }
    var text = ""
    var marks: [Example.Mark] = []
    var rest = line[...]
    while let open = rest.firstIndex(of: "[") {
      text += rest[..<open]
      rest = rest[open...]
      if let (mark, end) = mark(in: rest) {
        text += mark.text
        marks.append(mark)
        rest = rest[end...]
      } else {
        text += "["
        rest = rest.dropFirst()
      }
    }
    return Example(text + rest, marks: marks, at: location)
  }

  /// A mark at the beginning of the text, and where it ends.
  private static func mark(in text: Substring) -> (Example.Mark, Substring.Index)? {
    guard let close = text.dropFirst().firstIndex(where: { $0 == "]" || $0 == "[" }), text[close] == "]" else {
      return nil
    }
    let inner = text[text.index(after: text.startIndex)..<close]
    let after = text[text.index(after: close)...]
    guard !inner.allSatisfy(\.isWhitespace), after.first == "(", let end = after.firstIndex(of: ")") else { return nil }
    let entity = after[after.index(after: after.startIndex)..<end]
    guard Identifier.isName(entity) else { return nil }
    return (Example.Mark(text: String(inner), entity: String(entity)), after.index(after: end))
  }
}
