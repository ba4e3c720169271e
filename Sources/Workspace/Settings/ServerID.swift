/// Ids of rooms and people, by the forms that chat servers give them.
enum ServerID {
  /// Letters and digits, `_` and `-`, behind one of the beginnings: Slack's and Lark's.
  static func isWord(_ text: String, behind starts: [String]) -> Bool {
    guard starts.contains(where: { text.hasPrefix($0) }), (2...64).contains(text.utf8.count) else { return false }
    return text.utf8.allSatisfy {
      (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) || $0 == 0x5F || $0 == 0x2D
    }
  }

  /// A whole number of 64 bits, in its shortest form: Telegram's, whose groups have numbers below 0, and Discord's.
  static func isNumber(_ text: String, mayBeNegative: Bool) -> Bool {
    let digits = mayBeNegative && text.hasPrefix("-") ? text.dropFirst() : Substring(text)
    guard !digits.isEmpty, digits.utf8.count <= 20, digits.first != "0" else { return false }
    return digits.utf8.allSatisfy { (0x30...0x39).contains($0) } && (UInt64(digits).map { $0 <= Int64.max } ?? false)
  }
}
