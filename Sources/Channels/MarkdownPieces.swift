/// Cuts Markdown that is too long for one message: between paragraphs where it can, else between lines, words, or
/// characters. A piece of a code block is a code block again.
struct MarkdownPieces {
  private let fits: (String) -> Bool
  private var lines: ArraySlice<Substring>
  /// The fence of a code block that the last piece ended in.
  private var fence: Substring?
  private var pieces: [String] = []

  /// - Parameter fits: whether a text is short enough. If one is, so is every beginning of it, more or less. A piece of one
  ///   character is taken as it is.
  /// - Returns: at least one piece; together they say it all, in order.
  static func split(_ markdown: String, fits: (String) -> Bool) -> [String] {
    guard !fits(markdown) else { return [markdown] }
    return withoutActuallyEscaping(fits) { fits in
      var cutting = MarkdownPieces(
        fits: fits, lines: markdown.split(separator: "\n", omittingEmptySubsequences: false)[...])
      while !cutting.lines.isEmpty { cutting.cutNext() }
      return cutting.pieces.isEmpty ? [markdown] : cutting.pieces
    }
  }

  private init(fits: @escaping (String) -> Bool, lines: ArraySlice<Substring>) {
    self.fits = fits
    self.lines = lines
  }

  private mutating func cutNext() {
    guard let first = lines.first else { return }
    let count = Self.most(lines.count) { fits(text(lines.prefix($0))) }
    guard count > 0 else {
      // The line alone is too long.
      let characters = max(1, Self.most(first.count) { fits(text([first.prefix($0)])) })
      let head = first.prefix(characters)
      let end = head.lastIndex(where: \.isWhitespace).map { head.index(after: $0) } ?? head.endIndex
      take([first[..<end]])
      lines[lines.startIndex] = first[end...]
      if lines.first?.isEmpty == true { lines.removeFirst() }
      return
    }
    let end = count < lines.count ? paragraphEnd(lines.prefix(count)) ?? count : count
    take(lines.prefix(end))
    lines = lines.dropFirst(end)
    if fence == nil { lines = lines.drop { $0.allSatisfy(\.isWhitespace) } }
  }

  private mutating func take(_ taken: ArraySlice<Substring>) {
    let piece = text(taken)
    fence = fenceAfter(taken)
    if piece.contains(where: { !$0.isWhitespace }) { pieces.append(Self.trimmed(piece)) }
  }

  /// The lines with the fences that make them whole.
  private func text(_ lines: ArraySlice<Substring>) -> String {
    var text = fence.map { $0 + "\n" } ?? ""
    text += lines.joined(separator: "\n")
    if let open = fenceAfter(lines) { text += "\n" + open.prefix(3) }
    return text
  }

  private func fenceAfter(_ lines: ArraySlice<Substring>) -> Substring? {
    var fence = fence
    for line in lines {
      let bare = line.drop { $0 == " " }
      guard bare.hasPrefix("```") || bare.hasPrefix("~~~") else { continue }
      fence = fence == nil ? bare : nil
    }
    return fence
  }

  /// How many lines come before the last empty one outside of a code block, with it.
  private func paragraphEnd(_ lines: ArraySlice<Substring>) -> Int? {
    var end: Int?
    var isCode = fence != nil
    for (number, line) in lines.enumerated() {
      let bare = line.drop { $0 == " " }
      if bare.hasPrefix("```") || bare.hasPrefix("~~~") { isCode.toggle() }
      if number > 0, !isCode, bare.allSatisfy(\.isWhitespace) { end = number + 1 }
    }
    return end
  }

  /// The greatest number up to `limit` that fits, by steps that double and then by halves; 0 where not even 1 does.
  private static func most(_ limit: Int, fits: (Int) -> Bool) -> Int {
    var low = 0
    var high = 1
    while high <= limit, fits(high) {
      low = high
      high *= 2
    }
    high = min(high, limit + 1)
    while high - low > 1 {
      let middle = (low + high) / 2
      if fits(middle) { low = middle } else { high = middle }
    }
    return low
  }

  private static func trimmed(_ text: String) -> String {
    let start = text.drop { $0.isNewline }
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
