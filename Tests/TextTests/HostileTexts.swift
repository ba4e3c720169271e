import TestSupport
/// Texts that nobody would write and somebody will send.
enum HostileTexts {
  /// Pieces that mean something to one part or another of what reads them.
  private static let pieces = [
    "a", "B", "é", "e\u{301}", "ß", "ẞ", "İ", "ı", "ŉ", "ﬁ", "Ａ", "１", "½", "ﷺ", "각", "ᄀ", "ᅡ", "ᆨ", "が", "か\u{3099}",
    "漢",
    "ไทย", "ที่", "й", "Ё", "Σ", "ς", "ﾊﾟ", "ℌ", "\u{1E9B}\u{323}", "\u{345}", "\u{301}", "\u{327}", "\u{9C7}\u{9BE}",
    "\u{0}", "\u{7}", "\t", "\n", "\r\n", "\u{85}", "\u{2028}", "\u{A0}", "\u{3000}", " ", "  ", "\u{200B}", "\u{200D}",
    "\u{200E}", "\u{202E}", "\u{2066}", "\u{2069}", "\u{FEFF}", "\u{AD}", "\u{FE0F}", "\u{E0041}", "\u{FFF9}",
    "\u{FFFD}",
    "\u{34F}", "\u{115F}", "\u{3164}", "\u{1D165}", "😀", "👨‍👩‍👧", "🇩🇪", "´", "`", "’", "“", "—", "…", "¨", "'", "\"", ".",
    ",",
    "?", "!", ";", "。", "؟", "1.5", "1,000", "e.g.", "www.", "http://", "https://x.y/?a=b", "a@b.co", "@", "#", "@ana",
    "<", ">", "<script>", "</script>", "<!--", "-->", "&", "&lt;", "[", "](", ")", "](javascript:alert(1))", "![", "*",
    "**",
    "_", "~~", "```", "\\", "|", "|-|", "- ", "1. ", "> ", "# ", "---", "<br>", "<img src=x onerror=alert(1)>",
    "\u{10FFFF}",
    "\u{E000}", "\u{FDCF}", "\u{2800}", "\u{FFFC}", "\u{180E}", "\u{61C}",
  ]

  static func made(_ count: Int, seed: UInt64) -> [String] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { number in
      let length = Int.random(in: 0...40, using: &generator)
      switch number % 3 {
      case 0:
        let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return String(decoding: bytes, as: UTF8.self)
      case 1:
        var scalars = String.UnicodeScalarView()
        for _ in 0..<length {
          if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &generator)) { scalars.append(scalar) }
        }
        return String(scalars)
      default:
        return (0..<length).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      }
    }
  }
}
