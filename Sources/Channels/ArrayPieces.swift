import JSON

/// Where an array and its elements stand in a JSON text, found without reading the elements.
///
/// It looks at brackets and quotes only, keeps no stack and takes each byte once, so it can be let loose on a text that
/// is not wholly JSON. What it finds has to be read by a real parser.
struct ArrayPieces {
  /// With its brackets.
  private(set) var whole: Range<Int>
  private(set) var elements: [Range<Int>] = []

  /// - Parameter pointer: through objects only.
  /// - Returns: nil where the way to the array, or its end, cannot be found.
  init?(at pointer: JSONPointer, in text: [UInt8]) {
    var scanner = Scanner(text: text)
    for token in pointer.tokens {
      guard scanner.enterMember(named: token) else { return nil }
    }
    scanner.skipBlanks()
    let start = scanner.place
    guard scanner.take("[") else { return nil }
    scanner.skipBlanks()
    while scanner.byte != UInt8(ascii: "]") {
      let first = scanner.place
      guard scanner.skipValue(), scanner.place > first else { return nil }
      // Blanks behind a value that no quote or bracket ends have been taken with it.
      let last = text[first..<scanner.place].lastIndex { !Scanner.isBlank($0) }
      elements.append(first..<(last.map { $0 + 1 } ?? scanner.place))
      scanner.skipBlanks()
      guard scanner.take(",") else { break }
      scanner.skipBlanks()
    }
    guard scanner.take("]") else { return nil }
    whole = start..<scanner.place
  }
}

private struct Scanner {
  let text: [UInt8]
  var place = 0

  init(text: [UInt8]) { self.text = text }

  var byte: UInt8? { place < text.count ? text[place] : nil }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard byte == UInt8(ascii: character) else { return false }
    place += 1
    return true
  }

  mutating func skipBlanks() {
    while let byte, Self.isBlank(byte) { place += 1 }
  }

  static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  /// From before an object to before the value of one of its members.
  mutating func enterMember(named name: String) -> Bool {
    skipBlanks()
    guard take("{") else { return false }
    while true {
      skipBlanks()
      let start = place
      guard byte == UInt8(ascii: "\""), skipString() else { return false }
      let key = (try? JSONValue.parse(text[start..<place]))?.string
      skipBlanks()
      guard take(":") else { return false }
      if key == name { return true }
      skipBlanks()
      guard skipValue() else { return false }
      skipBlanks()
      guard take(",") else { return false }
    }
  }

  /// To behind a value, whatever stands in it.
  mutating func skipValue() -> Bool {
    var depth = 0
    while let byte {
      switch byte {
      case UInt8(ascii: "\""):
        guard skipString() else { return false }
        if depth == 0 { return true }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        depth += 1
        place += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if depth == 0 { return true }
        depth -= 1
        place += 1
        if depth == 0 { return true }
      case UInt8(ascii: ","):
        if depth == 0 { return true }
        place += 1
      default: place += 1
      }
    }
    return false
  }

  private mutating func skipString() -> Bool {
    place += 1
    while let byte {
      place += byte == UInt8(ascii: "\\") ? 2 : 1
      if byte == UInt8(ascii: "\"") { return true }
    }
    return false
  }
}
