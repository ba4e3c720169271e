import CJansson

extension JSONValue {
  /// Levels of arrays and objects in each other that are taken unless said otherwise.
  package static let usualDepth = 256

  /// Reads one JSON document (RFC 8259) that fills the whole text.
  ///
  /// Any value may stand at the top. Rejected: a member named twice in one object (names that are canonically
  /// equivalent in Unicode are the same name), invalid UTF-8, unpaired surrogates, numbers out of range, anything after
  /// the document. `\u0000` is taken in strings, not in the names of members.
  /// - Parameter bytes: UTF-8.
  /// - Parameter maximumDepth: levels of arrays and objects in each other, 1…1024.
  package static func parse(
    _ bytes: some Collection<UInt8>, maximumDepth: Int = usualDepth
  ) throws(JSONError) -> JSONValue {
    let whole = bytes.withContiguousStorageIfAvailable { result(of: $0, maximumDepth: maximumDepth) }
    return try (whole ?? Array(bytes).withUnsafeBufferPointer { result(of: $0, maximumDepth: maximumDepth) }).get()
  }

  /// Reads one JSON document, as `parse(_:maximumDepth:)` of its bytes does.
  package static func parse(_ text: String, maximumDepth: Int = usualDepth) throws(JSONError) -> JSONValue {
    try parse(text.utf8, maximumDepth: maximumDepth)
  }

  private static func result(
    of bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int
  ) -> Result<JSONValue, JSONError> {
    Result { () throws(JSONError) in
      let document = try JanssonDocument(parsing: bytes)
      return try document.value(maximumDepth: min(max(maximumDepth, 1), 1024))
    }
  }
}
