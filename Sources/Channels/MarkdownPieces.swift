/// Cuts Markdown that is too long for one message: between paragraphs where it can, else between lines, words, or
/// characters. A piece of a code block is a code block again.
struct MarkdownPieces {
  /// - Parameter fits: whether a piece is short enough; a piece of one character is taken as it is.
  /// - Returns: at least one piece; together they say it all, in order.
  static func split(_ markdown: String, fits: (String) -> Bool) -> [String] {
    guard !fits(markdown) else { return [markdown] }
    var pieces: [String] = []
    var piece: [Substring] = []
    var fence: Substring?
    var carried: Substring?
    // Where a piece may end best: how many lines of it, counted from its first.
    var paragraphEnd: Int?

    func text(_ lines: ArraySlice<Substring>, opened: Substring?) -> String {
      var whole = lines.map(String.init)
      if let opened { whole.insert(String(opened), at: 0) }
      return whole.joined(separator: "\n")
    }
    func marks(_ line: Substring) -> Substring? {
      let bare = line.drop { $0 == " " }
      return bare.hasPrefix("```") || bare.hasPrefix("~~~") ? bare : nil
    }
    func take(_ count: Int) {
      let lines = piece[..<count]
      var open = carried
      for line in lines {
        if let mark = marks(line) { open = open == nil ? mark : nil }
      }
      var taken = text(lines, opened: carried)
      if let open { taken += "\n" + String(open.prefix(3)) }
      if taken.contains(where: { !$0.isWhitespace }) { pieces.append(trimmed(taken)) }
      piece = Array(piece[count...].drop { open == nil && $0.allSatisfy(\.isWhitespace) })
      carried = open
      paragraphEnd = nil
    }

    for line in markdown.split(separator: "\n", omittingEmptySubsequences: false) {
      let closing = (fence ?? carried) == nil ? "" : "\n```"
      if !fits(text(piece[...] + [line], opened: carried) + closing), !piece.isEmpty {
        take(paragraphEnd ?? piece.count)
      }
      for part in parts(of: line, fits: { fits(text([$0], opened: carried) + closing) }) {
        if !piece.isEmpty, !fits(text(piece[...] + [part], opened: carried) + closing) { take(piece.count) }
        piece.append(part)
      }
      if let mark = marks(line) { fence = fence == nil ? mark : nil }
      if fence == nil, line.allSatisfy(\.isWhitespace), piece.count > 1 { paragraphEnd = piece.count }
    }
    if !piece.isEmpty { take(piece.count) }
    return pieces.isEmpty ? [markdown] : pieces
  }

  /// A line by itself, or cut at its last fitting blank, or anywhere.
  private static func parts(of line: Substring, fits: (Substring) -> Bool) -> [Substring] {
    var parts: [Substring] = []
    var rest = line
    while !fits(rest), rest.count > 1 {
      // The longest beginning that fits, by halves.
      var low = 1
      var high = rest.count - 1
      while low < high {
        let middle = (low + high + 1) / 2
        if fits(rest.prefix(middle)) { low = middle } else { high = middle - 1 }
      }
      let most = rest.prefix(low)
      let end = most.lastIndex(where: \.isWhitespace).map { most.index(after: $0) } ?? most.endIndex
      parts.append(rest[..<end])
      rest = rest[end...]
    }
    if !rest.isEmpty || parts.isEmpty { parts.append(rest) }
    return parts
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while let first = text.first, first.isNewline { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
