import CSodium

/// The SHA-256 hash of bytes that need not all be there at once (FIPS 180-4).
package struct SHA256: Sendable {
  package static let byteCount = 32

  private var state = crypto_hash_sha256_state()

  package init() {
    crypto_hash_sha256_init(&state)
  }

  package mutating func update(_ bytes: some Sequence<UInt8>) {
    let isDone: Void? = bytes.withContiguousStorageIfAvailable { buffer in
      _ = crypto_hash_sha256_update(&state, buffer.baseAddress, UInt64(buffer.count))
    }
    guard isDone == nil else { return }
    let copy = Array(bytes)
    crypto_hash_sha256_update(&state, copy, UInt64(copy.count))
  }

  /// The hash of all bytes so far; more may follow.
  package func finalize() -> [UInt8] {
    var state = state
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    crypto_hash_sha256_final(&state, &digest)
    return digest
  }

  /// The hash in 64 small hexadecimal digits.
  package static func hexDigest(of bytes: some Sequence<UInt8>) -> String {
    digest(of: bytes).hexadecimal
  }

  package static func digest(of bytes: some Sequence<UInt8>) -> [UInt8] {
    var hash = SHA256()
    hash.update(bytes)
    return hash.finalize()
  }
}
