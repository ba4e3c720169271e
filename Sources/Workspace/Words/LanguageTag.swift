/// A language tag (BCP 47, RFC 5646 section 2.1) in its usual spelling: `en`, `pt-BR`, `zh-Hant-TW`.
struct LanguageTag {
  let text: String

  /// The language alone: `pt` of `pt-BR`.
  var primary: String { String(text.prefix { $0 != "-" }) }

  /// Nil when the text has not the form of a tag. Case does not matter and is put right.
  init?(_ written: String) {
    let parts = written.split(separator: "-", omittingEmptySubsequences: false).map { $0.lowercased() }
    guard let primary = parts.first, (2...3).contains(primary.count), primary.allSatisfy(Self.isLetter),
      parts.allSatisfy({ (1...8).contains($0.count) && $0.allSatisfy { Self.isLetter($0) || Self.isDigit($0) } })
    else { return nil }
    var spelled = [primary]
    var rest = parts.dropFirst()
    func takes(_ fits: (String) -> Bool, _ spelling: (String) -> String = { $0 }) -> Bool {
      guard let next = rest.first, fits(next) else { return false }
      spelled.append(spelling(next))
      rest = rest.dropFirst()
      return true
    }
    var extended = 0
    while extended < 3, takes({ $0.count == 3 && $0.allSatisfy(Self.isLetter) }) { extended += 1 }
    _ = takes({ $0.count == 4 && $0.allSatisfy(Self.isLetter) }, { $0.prefix(1).uppercased() + $0.dropFirst() })
    _ = takes(
      { ($0.count == 2 && $0.allSatisfy(Self.isLetter)) || ($0.count == 3 && $0.allSatisfy(Self.isDigit)) },
      { $0.uppercased() })
    while takes({ $0.count >= 5 || ($0.count == 4 && $0.first.map(Self.isDigit) == true) }) {}
    // Extensions and private use: a single letter, then at least one part.
    while let singleton = rest.first, singleton.count == 1 {
      spelled.append(singleton)
      rest = rest.dropFirst()
      let shortest = singleton == "x" ? 1 : 2
      var count = 0
      while takes({ $0.count >= shortest }) { count += 1 }
      guard count > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    text = spelled.joined(separator: "-")
  }

  private static func isLetter(_ character: Character) -> Bool { character.isASCII && character.isLetter }
  private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
}
