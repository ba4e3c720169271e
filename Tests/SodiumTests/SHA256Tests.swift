import Sodium
import Testing

struct SHA256Tests {
  /// FIPS 180-4 example values, published by NIST.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func knownHashes(text: String, digest: String) {
    #expect(SHA256.hexDigest(of: text.utf8) == digest)
    #expect(SHA256.hexDigest(of: Array(text.utf8)) == digest)
  }

  @Test func aMillionTimesTheLetterA() {
    let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(SHA256.hexDigest(of: [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)) == digest)
  }

  @Test func piecesGiveTheHashOfTheWhole() {
    let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    for size in [1, 7, 63, 64, 65, 999] {
      var hash = SHA256()
      for start in stride(from: 0, to: bytes.count, by: size) {
        hash.update(bytes[start..<min(start + size, bytes.count)])
      }
      #expect(hash.finalize() == SHA256.digest(of: bytes))
    }
  }

  @Test func moreMayFollowAfterFinalizing() {
    var hash = SHA256()
    hash.update("ab".utf8)
    #expect(hash.finalize() == SHA256.digest(of: "ab".utf8))
    hash.update([])
    hash.update("c".utf8)
    #expect(hash.finalize() == SHA256.digest(of: "abc".utf8))
  }

  @Test func aCopyGoesItsOwnWay() {
    var first = SHA256()
    first.update("a".utf8)
    var second = first
    second.update("b".utf8)
    #expect(first.finalize() == SHA256.digest(of: "a".utf8))
    #expect(second.finalize() == SHA256.digest(of: "ab".utf8))
  }

  @Test func bytesThatAreNotContiguous() {
    #expect(SHA256.hexDigest(of: (0..<3).lazy.map { UInt8(97 + $0) }) == SHA256.hexDigest(of: "abc".utf8))
  }
}
