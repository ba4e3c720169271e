import CSodium

/// Message authentication codes with SHA-256 (RFC 2104).
package struct HMACSHA256 {
  /// The code of a message, 32 bytes. A key may have any length.
  package static func code(for message: [UInt8], key: [UInt8]) -> [UInt8] {
    var state = crypto_auth_hmacsha256_state()
    var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
    crypto_auth_hmacsha256_init(&state, key, key.count)
    crypto_auth_hmacsha256_update(&state, message, UInt64(message.count))
    crypto_auth_hmacsha256_final(&state, &code)
    return code
  }

  /// The code in 64 small hexadecimal digits.
  package static func hexCode(for message: [UInt8], key: [UInt8]) -> String {
    code(for: message, key: key).hexadecimal
  }
}
