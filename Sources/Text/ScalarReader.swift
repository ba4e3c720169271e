/// Reads scalars out of the UTF-8 bytes of a Swift string, which are always well-formed. Must not outlive the call that
/// lent the bytes.
struct ScalarReader {
  private let bytes: UnsafeBufferPointer<UInt8>

  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
  }

  var end: Int { bytes.count }

  /// The byte, or 0 past the end.
  subscript(offset: Int) -> UInt8 {
    offset >= 0 && offset < bytes.count ? bytes[offset] : 0
  }

  /// Where the words of a run without spaces end, counted from `start`; nil when nobody can tell.
  func wordEnds(_ start: Int, _ end: Int) -> [Int]? {
    WordSegmenter.shared.ends(of: UnsafeBufferPointer(rebasing: bytes[start..<end]))
  }

  func text(_ start: Int, _ end: Int) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
  }

  /// The scalar that begins at a byte before the end, and where the next one begins.
  func scalar(at offset: Int) -> (scalar: Unicode.Scalar, next: Int) {
    let lead = self[offset]
    let (length, bits): (Int, UInt32) =
      switch lead {
      case 0..<0x80: (1, UInt32(lead))
      case 0..<0xE0: (2, UInt32(lead & 0x1F))
      case 0..<0xF0: (3, UInt32(lead & 0x0F))
      default: (4, UInt32(lead & 0x07))
      }
    var value = bits
    for index in 1..<max(length, 1) { value = value << 6 | UInt32(self[offset + index] & 0x3F) }
    return (Unicode.Scalar(value) ?? "\u{FFFD}", min(offset + length, bytes.count))
  }

  func isDigit(_ offset: Int) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self[offset])
  }

  func isASCIILetter(_ offset: Int) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self[offset] | 0x20)
  }

  /// A digit, a letter or an underscore.
  func isASCIIWordByte(_ offset: Int) -> Bool {
    isDigit(offset) || isASCIILetter(offset) || self[offset] == UInt8(ascii: "_")
  }

  func isNumberSeparator(_ offset: Int) -> Bool {
    self[offset] == UInt8(ascii: ".") || self[offset] == UInt8(ascii: ",")
  }

  /// Whether these ASCII characters stand here.
  func hasExactly(_ marker: StaticString, at offset: Int) -> Bool {
    guard offset + marker.utf8CodeUnitCount <= bytes.count else { return false }
    return marker.withUTF8Buffer { wanted in wanted.indices.allSatisfy { bytes[offset + $0] == wanted[$0] } }
  }

  /// The same in capitals or small letters; the marker is given in small ones.
  func has(_ marker: StaticString, at offset: Int) -> Bool {
    guard offset + marker.utf8CodeUnitCount <= bytes.count else { return false }
    return marker.withUTF8Buffer { wanted in
      wanted.indices.allSatisfy { index in
        let byte = bytes[offset + index]
        let isCapital = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        return (isCapital ? byte | 0x20 : byte) == wanted[index]
      }
    }
  }
}
