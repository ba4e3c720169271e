/// How exactly the length of a document is kept.
package enum LengthPrecision: UInt8, Sendable, Hashable, Codable {
  /// Up to 8,191 units exactly, above with an error below one in 8,000.
  case exact = 0
  /// As Lucene and tantivy keep it, in one byte: up to 40 exactly, above rounded down to four significant bits.
  case oneByte = 1

  /// The length that counts for a document of `length` units.
  func kept(_ length: Int) -> Int {
    switch self {
    case .exact: LengthCode.value(of: LengthCode.code(for: length))
    case .oneByte: Self.roundedDown(length)
    }
  }

  // Lucene's SmallFloat.intToByte4: 24 values for themselves, then three bits after the leading one.
  private static func roundedDown(_ length: Int) -> Int {
    let free = 24
    guard length >= free + 16 else { return max(0, length) }
    let rest = min(length - free, Int(UInt32.max >> 1))
    let shift = (Int.bitWidth - 1 - rest.leadingZeroBitCount) - 3
    return free + (rest >> shift) << shift
  }
}

/// A length in 16 bits: 13 significant ones.
enum LengthCode {
  private static let exact = 8_192

  /// The largest code whose value is at most `length`.
  static func code(for length: Int) -> UInt16 {
    guard length >= exact else { return UInt16(max(0, length)) }
    let capped = min(length, 8_191 << 14)
    let shift = (Int.bitWidth - 1 - capped.leadingZeroBitCount) - 12
    return UInt16(exact + (shift - 1) * 4_096 + (capped >> shift) - 4_096)
  }

  static func value(of code: UInt16) -> Int {
    guard code >= exact else { return Int(code) }
    let rest = Int(code) - exact
    return (4_096 + rest % 4_096) << (rest / 4_096 + 1)
  }
}
