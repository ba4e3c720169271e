/// The normalisation rules of a SentencePiece model: byte strings and what each is replaced by, as SentencePiece's
/// trainer compiles them (a Darts double-array trie and a table of strings that end with NUL).
struct CharacterMap: Sendable {
  private let units: [UInt32]
  private let replacements: [UInt8]

  /// - Parameter bytes: the `precompiled_charsmap` of the model; empty for no rules.
  /// - Returns: nil where the bytes are damaged.
  init?(_ bytes: [UInt8]) {
    guard !bytes.isEmpty else {
      units = []
      replacements = []
      return
    }
    guard bytes.count >= 4 else { return nil }
    func word(_ at: Int) -> UInt32 {
      UInt32(bytes[at]) | UInt32(bytes[at + 1]) << 8 | UInt32(bytes[at + 2]) << 16 | UInt32(bytes[at + 3]) << 24
    }
    let size = Int(word(0))
    guard size % 4 == 0, size >= 1024, size <= bytes.count - 4, bytes.count == 4 + size || bytes.last == 0 else {
      return nil
    }
    units = stride(from: 4, to: 4 + size, by: 4).map(word)
    replacements = Array(bytes[(4 + size)...])
  }

  /// The longest rule that the text begins with at `start`.
  /// - Returns: how many bytes it takes and what stands for them; nil where no rule applies.
  func match(_ text: UnsafeBufferPointer<UInt8>, at start: Int) -> (length: Int, replacement: Range<Int>)? {
    guard !units.isEmpty else { return nil }
    var place = Int(Self.offset(units[0]))
    var longest: (length: Int, value: Int)?
    var at = start
    while at < text.count {
      place ^= Int(text[at])
      guard place < units.count else { break }
      let unit = units[place]
      guard unit & 0x8000_00FF == UInt32(text[at]) else { break }
      place ^= Int(Self.offset(unit))
      at += 1
      if unit & 0x100 != 0, place < units.count {
        longest = (at - start, Int(units[place] & 0x7FFF_FFFF))
      }
    }
    guard let longest, longest.value < replacements.count else { return nil }
    let end = replacements[longest.value...].firstIndex(of: 0) ?? replacements.count
    return (longest.length, longest.value..<end)
  }

  func bytes(_ range: Range<Int>) -> ArraySlice<UInt8> { replacements[range] }

  private static func offset(_ unit: UInt32) -> UInt32 { (unit >> 10) << ((unit & 0x200) >> 6) }
}
