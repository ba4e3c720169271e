import Sodium
import Testing

struct SecretTests {
  @Test func secretsThatDifferInOneBitAreNotEqual() {
    let secret = Array("a secret of some length".utf8)
    #expect(constantTimeEqual(secret, secret))
    for index in secret.indices {
      var other = secret
      other[index] ^= 1
      #expect(!constantTimeEqual(secret, other))
    }
  }

  @Test func aSecretIsNotEqualToItsOwnBeginning() {
    #expect(!constantTimeEqual([1, 2, 3], [1, 2]))
    #expect(!constantTimeEqual([], [0]))
    #expect(constantTimeEqual([], []))
  }

  @Test(arguments: [1, 16, 32, 1000])
  func aTokenHasTwoDigitsForEachByte(count: Int) {
    let token = RandomToken.hex(bytes: count)
    #expect(token.utf8.count == 2 * count)
    #expect(token.allSatisfy { "0123456789abcdef".contains($0) })
  }

  @Test func noBytesGiveNoToken() {
    #expect(RandomToken.hex(bytes: 0).isEmpty)
    #expect(RandomToken.hex(bytes: -1).isEmpty)
  }

  @Test func noTokenComesTwice() {
    let tokens = (0..<1000).map { _ in RandomToken.hex(bytes: 16) }
    #expect(Set(tokens).count == tokens.count)
  }

  @Test func everyDigitComesUp() {
    #expect(Set(RandomToken.hex(bytes: 1000)).count == 16)
  }
}
