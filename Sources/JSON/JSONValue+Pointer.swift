extension JSONValue {
  /// The value that the pointer leads to; nil where nothing is there.
  package func value(at pointer: JSONPointer) -> JSONValue? {
    var value = self
    for token in pointer.tokens {
      let next: JSONValue? =
        switch value {
        case .object(let members): members[token]
        case .array: JSONPointer.index(token).flatMap { value[$0] }
        default: nil
        }
      guard let next else { return nil }
      value = next
    }
    return value
  }

  /// A copy with `value` where the pointer leads to.
  ///
  /// What is missing on the way is made: an array where the next token is `0` or `-`, an object otherwise. In an array,
  /// `-` and the index after the last append.
  /// - Throws: `JSONPointerError` where the way leads through a string, a number, true or false, or past an array's end.
  package func setting(_ value: JSONValue, at pointer: JSONPointer) throws(JSONPointerError) -> JSONValue {
    try setting(value, at: pointer.tokens[...], of: pointer)
  }

  private func setting(
    _ value: JSONValue, at tokens: ArraySlice<String>, of pointer: JSONPointer
  ) throws(JSONPointerError) -> JSONValue {
    guard let token = tokens.first else { return value }
    switch self {
    case .object(var members):
      members[token] = try (members[token] ?? .null).setting(value, at: tokens.dropFirst(), of: pointer)
      return .object(members)
    case .array(var elements):
      guard let place = token == "-" ? elements.count : JSONPointer.index(token), place <= elements.count else {
        throw JSONPointerError("'\(pointer)' leads past the end of an array at '\(token)'")
      }
      let old = place < elements.count ? elements[place] : .null
      let new = try old.setting(value, at: tokens.dropFirst(), of: pointer)
      if place < elements.count { elements[place] = new } else { elements.append(new) }
      return .array(elements)
    case .null:
      let container: JSONValue = token == "0" || token == "-" ? [] : [:]
      return try container.setting(value, at: tokens, of: pointer)
    case .bool, .integer, .number, .string:
      throw JSONPointerError("'\(pointer)' leads through \(kind) at '\(token)', which can hold nothing")
    }
  }
}

extension JSONObject {
  /// A copy with `value` where the pointer leads to, as `JSONValue.setting(_:at:)` does.
  package func setting(_ value: JSONValue, at pointer: JSONPointer) throws(JSONPointerError) -> JSONObject {
    guard case .object(let object) = try JSONValue.object(self).setting(value, at: pointer) else {
      throw JSONPointerError("the pointer to the whole document would replace an object by something else")
    }
    return object
  }
}
