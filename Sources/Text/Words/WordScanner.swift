/// Goes over the UTF-8 bytes of a text once, from word to word.
struct WordScanner {
  private(set) var words: [String] = []
  let reader: ScalarReader
  var position = 0
  /// No e-mail address begins before here, as far as looking ahead has shown; so nothing is looked at twice.
  var noMailBefore = 0
  /// Likewise for host names.
  var noHostBefore = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.reader = ScalarReader(bytes)
    words.reserveCapacity(bytes.count / 6)
  }

  mutating func scan() {
    while position < reader.end {
      let (scalar, next) = reader.scalar(at: position)
      switch WordClass(scalar) {
      case .letter, .digit: if !takePlainWord(), !takeAddress() { takeWord() }
      case .unspaced: takeUnspaced()
      case .paired: takePairs()
      case .sign: takeTagged(after: next)
      case .mark, .apostrophe, .other: position = next
      }
    }
  }

  mutating func put(_ start: Int, _ end: Int) {
    words.append(reader.text(start, end))
    position = end
  }

  /// What most of a message is made of: ASCII letters and digits with a blank after them, or nothing.
  private mutating func takePlainWord() -> Bool {
    var end = position
    while reader.isASCIILetter(end) || reader.isDigit(end) { end += 1 }
    guard end > position, end == reader.end || reader[end] == UInt8(ascii: " ") else { return false }
    put(position, end)
    return true
  }

  /// A run of letters and digits, or a number with separators.
  private mutating func takeWord() {
    let start = position
    var end = start
    var apostrophes: [Range<Int>] = []
    var isNumber = true
    while end < reader.end {
      let (scalar, next) = reader.scalar(at: end)
      switch WordClass(scalar) {
      case .digit: end = next
      case .letter, .mark:
        isNumber = false
        end = next
      case .apostrophe where !isNumber && isLetter(at: next):
        apostrophes.append(end..<next)
        end = next
      case .other where isNumber && reader.isNumberSeparator(end) && reader.isDigit(next): end = next
      default:
        finishWord(start, end, without: apostrophes)
        return
      }
    }
    finishWord(start, end, without: apostrophes)
  }

  private mutating func finishWord(_ start: Int, _ end: Int, without apostrophes: [Range<Int>]) {
    guard !apostrophes.isEmpty else { return put(start, end) }
    var pieces = ""
    var from = start
    for apostrophe in apostrophes {
      pieces += reader.text(from, apostrophe.lowerBound)
      from = apostrophe.upperBound
    }
    words.append(pieces + reader.text(from, end))
    position = end
  }

  private func isLetter(at offset: Int) -> Bool {
    offset < reader.end && WordClass(reader.scalar(at: offset).scalar) == .letter
  }

  /// "@ana.b_c" or "#live"; a sign that stands alone is passed over.
  private mutating func takeTagged(after signEnd: Int) {
    let start = position
    var end = signEnd
    while end < reader.end {
      let (scalar, next) = reader.scalar(at: end)
      switch WordClass(scalar) {
      case .letter, .mark, .digit, .unspaced, .paired: end = next
      case .other where scalar == "_": end = next
      case .other where scalar == "." && end > signEnd && reader.isASCIIWordByte(next): end = next
      default:
        return finishTagged(start, signEnd, end)
      }
    }
    finishTagged(start, signEnd, end)
  }

  private mutating func finishTagged(_ start: Int, _ signEnd: Int, _ end: Int) {
    if end > signEnd { put(start, end) } else { position = signEnd }
  }

  /// The words of a run of letters without spaces, as the dictionaries know them.
  private mutating func takeUnspaced() {
    let start = position
    let end = runEnd(of: .unspaced)
    position = end
    guard let ends = reader.wordEnds(start, end) else {
      position = start
      return takePairs()
    }
    var from = start
    for offset in ends {
      let to = start + offset
      if to > from { words.append(reader.text(from, to)) }
      from = max(from, to)
    }
  }

  /// Where the letters of one kind end, each with its marks.
  private func runEnd(of kind: WordClass) -> Int {
    var end = position
    while end < reader.end {
      let (scalar, next) = reader.scalar(at: end)
      let found = WordClass(scalar)
      guard found == kind || (found == .mark && end > position) else { break }
      end = next
    }
    return end
  }

  /// Pairs of neighbouring characters, each with its marks.
  private mutating func takePairs() {
    var starts: [Int] = []
    var end = position
    let kind = WordClass(reader.scalar(at: position).scalar)
    while end < reader.end {
      let (scalar, next) = reader.scalar(at: end)
      switch WordClass(scalar) {
      case kind: starts.append(end)
      case .mark where !starts.isEmpty: break
      default:
        return putPairs(starts, end)
      }
      end = next
    }
    putPairs(starts, end)
  }

  private mutating func putPairs(_ starts: [Int], _ end: Int) {
    let bounds = starts + [end]
    if bounds.count == 2 { put(bounds[0], end) }
    for index in bounds.indices.dropFirst(2) { words.append(reader.text(bounds[index - 2], bounds[index])) }
    position = end
  }
}
