/// A run of marks that may end a sentence: "?!", "...", "。", and the quotation mark or bracket that closes after it.
struct SentenceEnd {
  let start: Int
  var end: Int
  private(set) var points = 0
  private(set) var hasEllipsis = false
  private(set) var hasStrong = false
  private(set) var hasFull = false
  private(set) var hasSemicolon = false
  private var hasClosing = false

  init(start: Int) {
    self.start = start
    self.end = start
  }

  /// False when the character is not part of the run.
  mutating func take(_ mark: SentenceMark) -> Bool {
    switch mark {
    case .closing:
      hasClosing = true
      return !hasSemicolon
    case .point where !hasClosing: points += 1
    case .strong where !hasClosing: hasStrong = true
    case .full where !hasClosing: hasFull = true
    case .semicolon where !hasClosing: hasSemicolon = true
    case .ellipsis where !hasClosing: hasEllipsis = true
    default: return false
    }
    return true
  }
}

extension SentenceScanner {
  /// Abbreviations, without their last point, after which a sentence goes on.
  private static let abbreviations: Set<String> = [
    "approx", "bzw", "ca", "cf", "dept", "dr", "d.h", "e.g", "eg", "excl", "fig", "i.e", "ie", "inc", "incl", "jr",
    "ltd", "mr", "mrs", "ms", "nr", "p.ej", "prof", "sr", "sra", "st", "ud", "uds", "vs", "z.b",
  ]

  /// Whether the marks end the sentence that is open, by what stands before and after them.
  func endsSentence(_ marks: SentenceEnd) -> Bool {
    if marks.hasFull { return true }
    let isBeforeSpace = isSpace(at: marks.end)
    if marks.hasStrong { return isBeforeSpace || (!runIsAddress && runStart < marks.start) }
    guard isBeforeSpace else { return false }
    if marks.hasSemicolon { return true }
    if marks.hasEllipsis || marks.points > 1 { return !isSmallLetterNext(after: marks.end) }
    return !isListNumber(before: marks.start) && !isAbbreviation(before: marks.start, then: marks.end)
  }

  private func isSpace(at offset: Int) -> Bool {
    guard offset < reader.end else { return true }
    let mark = SentenceMark(reader.scalar(at: offset).scalar)
    return mark == .space || mark == .lineBreak
  }

  /// The first character after the white space on this line.
  private func next(after offset: Int) -> Unicode.Scalar? {
    var offset = offset
    while offset < reader.end {
      let (scalar, next) = reader.scalar(at: offset)
      guard SentenceMark(scalar) == .space else { return scalar }
      offset = next
    }
    return nil
  }

  private func isSmallLetterNext(after offset: Int) -> Bool {
    next(after: offset)?.properties.isLowercase ?? false
  }

  /// "1." that begins the sentence counts the points of a list.
  private func isListNumber(before point: Int) -> Bool {
    guard start == runStart, (1...3).contains(point - runStart) else { return false }
    return (runStart..<point).allSatisfy(reader.isDigit)
  }

  private func isAbbreviation(before point: Int, then after: Int) -> Bool {
    var first = runStart
    while first < point, !reader.isASCIIWordByte(first), reader[first] < 0x80 { first += 1 }
    guard first < point, point - first <= 12 else { return false }
    let word = reader.text(first, point).lowercased()
    if Self.abbreviations.contains(word) { return true }
    // "J. Smith", and "5 p.m." or "etc." in the middle of a sentence.
    if word.count == 1, reader.isASCIILetter(first) { return true }
    let letters = word.split(separator: ".", omittingEmptySubsequences: false)
    let isInitials = letters.count > 1 && letters.allSatisfy { $0.utf8.count == 1 && $0.first?.isLetter == true }
    return (isInitials || word == "etc") && isSmallLetterNext(after: after)
  }
}
