extension JSONValue: CustomStringConvertible {
  package var description: String { serialized() }

  /// The value as a JSON text: members in their order, numbers in the fewest digits that read back the same.
  ///
  /// The same value gives the same bytes. What JSON cannot say (NaN, the infinities) becomes null.
  /// - Parameter pretty: on many lines, two spaces a level; otherwise on one line without spaces.
  package func serialized(pretty: Bool = false) -> String {
    String(decoding: serializedBytes(pretty: pretty), as: UTF8.self)
  }

  /// As `serialized(pretty:)`, in UTF-8.
  package func serializedBytes(pretty: Bool = false) -> [UInt8] {
    var writer = JSONWriter(pretty: pretty)
    writer.write(self)
    return writer.bytes
  }
}
