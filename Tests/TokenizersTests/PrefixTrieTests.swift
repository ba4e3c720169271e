import Testing

@testable import Tokenizers

@Suite struct PrefixTrieTests {
  @Test func `every string is found, and nothing else`() throws {
    let alphabet: [UInt8] = [0, 1, 0x41, 0xFF]
    var strings: [[UInt8]] = []
    for number in stride(from: 0, to: 4096, by: 5) {
      strings.append((0..<(1 + number % 6)).map { alphabet[number >> ($0 * 2) & 3] })
    }
    let unique = Array(Set(strings))
    let trie = try #require(PrefixTrie(PrefixTrieArrays(unique.enumerated().map { ($0.element, Int32($0.offset)) })))
    for (number, string) in unique.enumerated() { #expect(trie.value(of: string) == Int32(number)) }
    for number in 0..<4096 {
      let string = (0..<6).map { alphabet[number >> ($0 * 2) & 3] }
      #expect((trie.value(of: string) != nil) == unique.contains(string))
    }
    #expect(trie.value(of: []) == nil)
    let all = trie.strings().sorted { $0.value < $1.value }
    #expect(all.map(\.bytes) == unique)
  }

  @Test func `the first of two equal strings counts, and empty ones do not`() throws {
    let trie = try #require(PrefixTrie(PrefixTrieArrays([([1], 7), ([], 3), ([1], 8)])))
    #expect(trie.value(of: [1]) == 7)
    #expect(trie.value(of: []) == nil)
    let none = try #require(PrefixTrie(PrefixTrieArrays([])))
    #expect(none.value(of: [1]) == nil)
  }
}
