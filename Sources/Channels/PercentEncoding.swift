/// Parts of paths and values in the addresses of requests.
enum PercentEncoding {
  /// - Parameters:
  ///   - base: with no slash at the end.
  ///   - path: below the base; nothing in a part goes up or down.
  static func url(_ base: String, path: [String] = [], query: [(name: String, value: String)]) -> String {
    var url = base
    for part in path { url += "/" + escaped(part) }
    var separator = "?"
    for (name, value) in query {
      url += separator + name + "=" + escaped(value)
      separator = "&"
    }
    return url
  }

  /// All but RFC 3986's unreserved characters as %XX. A part that is nothing but dots would be taken for a step.
  static func escaped(_ text: String) -> String {
    let isSteps = text.utf8.allSatisfy { $0 == UInt8(ascii: ".") }
    let digits = Array("0123456789ABCDEF".utf8)
    var escaped: [UInt8] = []
    escaped.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F, 0x7E: escaped.append(byte)
      case UInt8(ascii: ".") where !isSteps: escaped.append(byte)
      default: escaped += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return String(decoding: escaped, as: UTF8.self)
  }
}
