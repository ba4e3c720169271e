/// Reads the head of a NumPy array: a Python dictionary such as `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
struct NumPyHeader {
  struct Fields {
    var type: String
    var isFortran: Bool
    var shape: [Int]
  }

  private var rest: Substring

  init(_ text: String) { rest = text[...] }

  /// - Returns: nil where it is anything else than the three members.
  mutating func read() -> Fields? {
    var type: String?
    var isFortran: Bool?
    var shape: [Int]?
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = string(), take(":") else { return nil }
      switch key {
      case "descr" where type == nil: type = string()
      case "fortran_order" where isFortran == nil:
        if take("True") { isFortran = true } else if take("False") { isFortran = false }
      case "shape" where shape == nil: shape = tuple()
      default: return nil
      }
      if !take(",") {
        guard take("}") else { return nil }
        break
      }
    }
    guard rest.allSatisfy(\.isWhitespace), let type, let isFortran, let shape else { return nil }
    return Fields(type: type, isFortran: isFortran, shape: shape)
  }

  private mutating func take(_ token: String) -> Bool {
    rest = rest.drop { $0 == " " }
    guard rest.hasPrefix(token) else { return false }
    rest = rest.dropFirst(token.count)
    return true
  }

  private mutating func string() -> String? {
    for quote in ["'", "\""] where take(quote) {
      guard let end = rest.firstIndex(of: Character(quote)) else { return nil }
      defer { rest = rest[rest.index(after: end)...] }
      return String(rest[..<end])
    }
    return nil
  }

  private mutating func tuple() -> [Int]? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      rest = rest.drop { $0 == " " }
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      guard let number = Int(digits), numbers.count < 32 else { return nil }
      numbers.append(number)
      rest = rest.dropFirst(digits.count)
      if !take(",") {
        guard take(")") else { return nil }
        break
      }
    }
    return numbers
  }
}
