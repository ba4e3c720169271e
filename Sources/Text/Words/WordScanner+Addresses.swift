extension WordScanner {
  /// Endings by which a host name without "http" is told from two sentences without a space between them.
  private static let knownEndings: Set<String> = [
    "app", "au", "br", "ch", "com", "cz", "dev", "dk", "eu", "fm", "fr", "gg", "info", "io", "jp", "kr", "mx", "net",
    "nl", "org", "pl", "pt", "ro", "ru", "tv", "ua", "uk", "xyz",
  ]

  /// Endings that are words as well: "t.me/ana" is an address, and "they paid.me too" is a slip.
  private static let knownEndingsBeforePath: Set<String> = [
    "at", "be", "bio", "ca", "co", "de", "ee", "es", "it", "link", "live", "ly", "me", "media", "online", "se", "shop",
    "site", "store", "us",
  ]

  /// Takes a web or e-mail address that begins at the position; false when there is none.
  mutating func takeAddress() -> Bool {
    let start = position
    for prefix: StaticString in ["http://", "https://", "www."] where reader.has(prefix, at: start) {
      let end = addressEnd(from: start)
      if end > start + prefix.utf8CodeUnitCount {
        put(start, end)
        return true
      }
    }
    if let end = mailEnd(from: start) ?? hostEnd(from: start) {
      put(start, end)
      return true
    }
    return false
  }

  /// The end of what has no space, quote or angle bracket in it, less the punctuation of the sentence around it.
  private func addressEnd(from start: Int) -> Int {
    var end = start
    scan: while end < reader.end {
      let (scalar, next) = reader.scalar(at: end)
      switch scalar {
      case "<", ">", "\"", "\u{0}"..." ": break scan
      default:
        if !scalar.isASCII, scalar.properties.isWhitespace { break scan }
        end = next
      }
    }
    while end > start, Self.isClosing(reader[end - 1]) { end -= 1 }
    return end
  }

  private static func isClosing(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
      UInt8(ascii: "?"), UInt8(ascii: "'"), UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"):
      true
    default: false
    }
  }

  /// "name@host.tld", in ASCII.
  private mutating func mailEnd(from start: Int) -> Int? {
    guard start >= noMailBefore else { return nil }
    var at = start
    while reader.isASCIIWordByte(at) || Self.isInMailName(reader[at]) { at += 1 }
    if reader[at] == UInt8(ascii: "@"), at > start {
      let (end, lastLabel) = hostRun(from: at + 1)
      if let lastLabel, lastLabel > at + 1, end - lastLabel >= 2, reader.isASCIILetter(lastLabel) { return end }
    }
    noMailBefore = at
    return nil
  }

  private static func isInMailName(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "."), UInt8(ascii: "%"), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    default: false
    }
  }

  /// "host.tld" with a well-known ending, and the path after it.
  private mutating func hostEnd(from start: Int) -> Int? {
    guard start >= noHostBefore else { return nil }
    let (end, lastLabel) = hostRun(from: start)
    let hasPath = reader[end] == UInt8(ascii: "/")
    if let lastLabel {
      let ending = reader.text(lastLabel, end).lowercased()
      if Self.knownEndings.contains(ending) { return hasPath ? addressEnd(from: start) : end }
      if hasPath, Self.knownEndingsBeforePath.contains(ending) { return addressEnd(from: start) }
    }
    noHostBefore = end
    return nil
  }

  /// The end of the labels with dots between them that begin here, and where the last of several begins.
  private func hostRun(from start: Int) -> (end: Int, lastLabel: Int?) {
    var end = start
    var lastLabel: Int?
    while true {
      while reader.isDigit(end) || reader.isASCIILetter(end) || reader[end] == UInt8(ascii: "-") { end += 1 }
      guard end > start, reader[end] == UInt8(ascii: "."), reader.isDigit(end + 1) || reader.isASCIILetter(end + 1)
      else { break }
      end += 1
      lastLabel = end
    }
    return (end, lastLabel)
  }
}
