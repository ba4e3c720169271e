/// Goes over the UTF-8 bytes of a text once, from sentence to sentence.
struct SentenceScanner {
  let reader: ScalarReader
  private var sentences: [Range<Int>] = []
  private var position = 0
  /// Where the open sentence begins; nil before its first visible character.
  private(set) var start: Int?
  private var visibleEnd = 0
  private var hasWords = false
  /// Where the run of visible characters begins that the position is in.
  private(set) var runStart = 0
  private var runHasPoint = false
  private(set) var runIsAddress = false

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.reader = ScalarReader(bytes)
  }

  /// The sentences as ranges of bytes.
  mutating func scan() -> [Range<Int>] {
    while position < reader.end {
      let (scalar, next) = reader.scalar(at: position)
      let mark = SentenceMark(scalar)
      switch mark {
      case .space, .lineBreak:
        if mark == .lineBreak { close() }
        beginRun(at: next)
      case .point, .strong, .full, .semicolon, .ellipsis:
        takeMarks()
      case .word, .closing, .other:
        takeVisible(scalar, isWord: mark == .word, until: next)
      }
      position = max(position, next)
    }
    close()
    if let start { sentences.append(start..<visibleEnd) }
    return sentences
  }

  private mutating func beginRun(at offset: Int) {
    runStart = offset
    runHasPoint = false
    runIsAddress = false
  }

  private mutating func takeVisible(_ scalar: Unicode.Scalar, isWord: Bool, until end: Int) {
    if start == nil { start = position }
    if position == runStart, reader.has("www.", at: position) { runIsAddress = true }
    switch scalar {
    case "@": runIsAddress = true
    case ":" where reader.has("://", at: position): runIsAddress = true
    case "/" where runHasPoint: runIsAddress = true
    default: break
    }
    if isWord { hasWords = true }
    visibleEnd = end
  }

  /// Takes a run of marks with the quotation marks and brackets after it, and closes the sentence if they end it.
  private mutating func takeMarks() {
    var marks = SentenceEnd(start: position)
    var end = position
    while end < reader.end {
      let (scalar, next) = reader.scalar(at: end)
      guard marks.take(SentenceMark(scalar)) else { break }
      end = next
    }
    marks.end = end
    if start == nil { start = position }
    let isEnd = endsSentence(marks)
    runHasPoint = true
    visibleEnd = end
    position = end
    if isEnd {
      close()
      beginRun(at: end)
    }
  }

  /// Ends the open sentence. What holds no words belongs to the sentence before it, or else to the one after it.
  private mutating func close() {
    guard let start else { return }
    if hasWords {
      sentences.append(start..<visibleEnd)
    } else if let last = sentences.popLast() {
      sentences.append(last.lowerBound..<visibleEnd)
    } else {
      return
    }
    self.start = nil
    hasWords = false
  }
}
