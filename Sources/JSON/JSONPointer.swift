/// A way into a JSON document (RFC 6901): `/sender/id`, `/items/0`, `` for the whole.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
  /// Unescaped, from the root down.
  package let tokens: [String]

  /// - Throws: `JSONPointerError` where the text neither is empty nor begins with `/`, or has a `~` that is not `~0` or `~1`.
  package init(_ text: String) throws(JSONPointerError) {
    guard !text.isEmpty else {
      tokens = []
      return
    }
    guard text.utf8.first == UInt8(ascii: "/") else {
      throw JSONPointerError("the JSON pointer '\(text)' must be empty or begin with '/'")
    }
    var tokens: [String] = []
    for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
      guard let token = Self.unescaped(part) else {
        throw JSONPointerError("the JSON pointer '\(text)' has a '~' that is neither '~0' (for ~) nor '~1' (for /)")
      }
      tokens.append(token)
    }
    self.tokens = tokens
  }

  init(tokens: [String]) { self.tokens = tokens }

  package var description: String {
    tokens.map { token in
      var escaped = "/"
      for scalar in token.unicodeScalars {
        switch scalar {
        case "~": escaped += "~0"
        case "/": escaped += "~1"
        default: escaped.unicodeScalars.append(scalar)
        }
      }
      return escaped
    }.joined()
  }

  private static func unescaped(_ part: some Sequence<UInt8>) -> String? {
    var bytes: [UInt8] = []
    var afterTilde = false
    for byte in part {
      switch (afterTilde, byte) {
      case (true, UInt8(ascii: "0")): bytes.append(UInt8(ascii: "~"))
      case (true, UInt8(ascii: "1")): bytes.append(UInt8(ascii: "/"))
      case (true, _): return nil
      case (false, UInt8(ascii: "~")): break
      case (false, _): bytes.append(byte)
      }
      afterTilde = !afterTilde && byte == UInt8(ascii: "~")
    }
    return afterTilde ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// A token as a place in an array: digits without leading zeros.
  static func index(_ token: String) -> Int? {
    guard token == "0" || (token.utf8.allSatisfy { (0x30...0x39).contains($0) } && token.utf8.first != 0x30) else {
      return nil
    }
    return Int(token)
  }
}

/// A pointer that is none, or that leads through something that cannot be gone through.
package struct JSONPointerError: Error, Sendable, Hashable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
}
