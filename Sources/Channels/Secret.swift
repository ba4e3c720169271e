/// A secret in memory. It shows itself to nobody: not in a log line, an error or a debugger's dump of an object.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Only for what sends or signs.
  let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// For an environment that is handed to a channel, and nowhere else.
  package var revealed: String { String(decoding: bytes, as: UTF8.self) }

  package var isEmpty: Bool { bytes.isEmpty }

  /// As it stands behind `Authorization: Bearer`.
  /// - Throws: `SecretError` where it can be no token.
  package func bearerToken() throws(SecretError) -> String {
    // RFC 9110 allows visible ASCII in credentials; anything else would break the header or be no token.
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      throw SecretError("the bearer token holds spaces, line breaks or other characters that no token has")
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package var description: String { "‹secret›" }
  package var debugDescription: String { "‹secret›" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
