import CSodium

/// Unguessable tokens.
package struct RandomToken {
  /// So many random bytes as two small hexadecimal digits each; 16 are enough for a secret.
  package static func hex(bytes count: Int) -> String {
    var bytes = [UInt8](repeating: 0, count: max(0, count))
    if isSodiumReady {
      randombytes_buf(&bytes, bytes.count)
    } else {
      // The standard library asks the system itself, which is as good a source.
      var generator = SystemRandomNumberGenerator()
      for index in bytes.indices { bytes[index] = UInt8.random(in: .min ... .max, using: &generator) }
    }
    return bytes.hexadecimal
  }

  /// libsodium has to be started once before it is asked for random numbers, whichever threads ask.
  private static let isSodiumReady = sodium_init() >= 0
}
