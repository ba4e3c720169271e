import Foundation
import Retrieval
import Support
import Synchronization
import TestSupport
import Testing

@testable import Matching

@Suite struct VectorStoreTests {
  static let texts = ["one apple", "two pears", "one apple", "", "three plums and a quince", "two pears"]
  static let kinds = ["vector-table-1", "vector-texts-1"]

  private func rows(
    _ texts: [String], _ encoder: any SentenceEncoder, _ cache: (any ModelCache)?
  ) throws -> [[Float]] {
    let store = VectorStore(cache: cache, progress: { _ in })
    let (table, rows) = try store.vectors(of: texts, by: encoder)
    return rows.map { table.vector($0) }
  }

  @Test func `each distinct text is encoded once, in its order`() throws {
    let encoder = HashingEncoder()
    let vectors = try rows(Self.texts, encoder, nil)
    #expect(encoder.asked == ["one apple", "two pears", "", "three plums and a quince"])
    #expect(vectors[0] == vectors[2] && vectors[1] == vectors[5] && vectors[0] != vectors[1])
    for (vector, own) in zip(vectors, try HashingEncoder().encode(Self.texts)) { #expect(distance(vector, own) < 0.01) }
  }

  @Test func `a second start encodes nothing and has the same bits`() throws {
    let (encoder, cache) = (HashingEncoder(), MemoryModelCache())
    let first = try rows(Self.texts, encoder, cache)
    encoder.forget()
    #expect(try rows(Self.texts, encoder, cache) == first)
    #expect(encoder.calls == 0)
    #expect(cache.kinds == Self.kinds)
  }

  @Test func `a changed workspace encodes only what is new, and has the bits of a fresh one`() throws {
    let (encoder, cache) = (HashingEncoder(), MemoryModelCache())
    _ = try rows(Self.texts, encoder, cache)
    // Added, removed, moved; and again, so that what was kept twice is as good as what was kept once.
    for changed in [
      ["a new one", "two pears", "one apple", "another"], ["another", "a new one", "one apple", "last"],
      ["one apple"], ["last", "one apple"],
    ] {
      encoder.forget()
      let found = try rows(changed, encoder, cache)
      #expect(encoder.asked.count <= 2 && !encoder.asked.contains("one apple"))
      #expect(found == (try rows(changed, HashingEncoder(), nil)))
    }
  }

  @Test func `no texts need no encoder`() throws {
    let encoder = HashingEncoder()
    #expect(try rows([], encoder, MemoryModelCache()).isEmpty)
    #expect(encoder.calls == 0)
  }

  @Test func `progress ends with all that had to be encoded, a batch at a time`() throws {
    let seen = Mutex<[MatcherProgress]>([])
    let store = VectorStore(cache: nil) { step in seen.withLock { $0.append(step) } }
    let encoder = HashingEncoder()
    _ = try store.vectors(of: (0..<1_100).map { "text \($0)" }, by: encoder)
    #expect(
      seen.withLock { $0 }
        == [0, 512, 1_024, 1_100].map { .encoding(encoder: "hashing", done: $0, of: 1_100) })
    #expect(encoder.calls == 3)
  }

  // What a cache may hold.

  @Test(arguments: kinds)
  func `bytes cut off anywhere are encoded anew`(_ kind: String) throws {
    let truth = try rows(Self.texts, HashingEncoder(), nil)
    for part in 0..<20 {
      let (encoder, cache) = (HashingEncoder(), MemoryModelCache())
      _ = try rows(Self.texts, encoder, cache)
      cache.spoil(kind) { $0.removeLast(max(1, $0.count * (20 - part) / 20)) }
      encoder.forget()
      #expect(try rows(Self.texts, encoder, cache) == truth)
      #expect(encoder.asked.count == 4)
    }
  }

  @Test(arguments: kinds)
  func `a bit that fell over anywhere never gives a wrong vector`(_ kind: String) throws {
    let truth = try rows(Self.texts, HashingEncoder(), nil)
    let whole = MemoryModelCache()
    _ = try rows(Self.texts, HashingEncoder(), whole)
    var size = 0
    whole.spoil(kind) { size = $0.count }
    for place in stride(from: 0, to: size, by: 7) {
      let cache = MemoryModelCache()
      _ = try rows(Self.texts, HashingEncoder(), cache)
      cache.spoil(kind) { $0[place] ^= 0x10 }
      #expect(try rows(Self.texts, HashingEncoder(), cache) == truth, "byte \(place)")
    }
  }

  @Test(arguments: kinds)
  func `noise, nothing, and bytes too many are encoded anew`(_ kind: String) throws {
    let truth = try rows(Self.texts, HashingEncoder(), nil)
    for change in [
      { $0 = [] }, { $0 = [UInt8](repeating: 0xFF, count: 4_096) }, { $0 += [0] }, { $0 += $0 },
    ] as [(inout [UInt8]) -> Void] {
      let cache = MemoryModelCache()
      _ = try rows(Self.texts, HashingEncoder(), cache)
      cache.spoil(kind, change)
      #expect(try rows(Self.texts, HashingEncoder(), cache) == truth)
    }
  }

  @Test func `texts of one start and the table of another are not taken together`() throws {
    let (cache, other) = (MemoryModelCache(), MemoryModelCache())
    _ = try rows(["a", "b"], HashingEncoder(), cache)
    _ = try rows(["b", "a"], HashingEncoder(), other)
    var bytes: [UInt8] = []
    other.spoil("vector-texts-1") { bytes = $0 }
    cache.spoil("vector-texts-1") { $0 = bytes }
    let encoder = HashingEncoder()
    #expect(try rows(["b", "a"], encoder, cache) == (try rows(["b", "a"], HashingEncoder(), nil)))
    #expect(encoder.asked.count == 2)
  }

  @Test func `vectors of another version or dimension are not used`() throws {
    let cache = MemoryModelCache()
    _ = try rows(Self.texts, HashingEncoder(), cache)
    let newer = HashingEncoder(version: "hashing-2", synonyms: ["apple": "pear"])
    #expect(try rows(Self.texts, newer, cache) == (try rows(Self.texts, newer, nil)))
    cache.rename { _ in "hashing-3" }
    let wider = HashingEncoder(version: "hashing-3", dimension: 64)
    let found = try rows(Self.texts, wider, cache)
    #expect(found.allSatisfy { $0.count == 64 } && wider.asked.count == 4)
  }

  // What an encoder may do.

  @Test(arguments: FaultyEncoder.Fault.allCases)
  func `an encoder that goes wrong half way throws and leaves nothing half-done`(_ fault: FaultyEncoder.Fault) {
    let cache = MemoryModelCache()
    let texts = (0..<600).map { "text \($0)" }
    #expect(throws: (any Error).self) { try rows(texts, FaultyEncoder(HashingEncoder(), fault, after: 1), cache) }
    #expect(cache.isEmpty)
  }

  @Test func `hashes of texts tell apart what is nearly the same`() {
    let texts = (0..<20_000).map { "line \($0)" } + ["", " ", "\u{0}", "a\u{0}", "\u{0}a", "é", "e\u{301}"]
    #expect(Set(texts.map { TextHash($0) }).count == texts.count)
    #expect(Set(texts.map { TextHash($0).first }).count == texts.count)
  }
}

@Suite struct MeaningSpaceTests {
  @Test func `likenesses are cosines with the units that were asked for, in their order`() throws {
    let encoder = HashingEncoder()
    let texts = ["the red house", "a blue boat", "the red house", "red"]
    let space = try MeaningSpace(encoder, texts: texts, store: VectorStore(cache: nil, progress: { _ in }))
    #expect(space.dimension == 48)
    let query = try #require(try encoder.encode(["the red house"]).first)
    let found = space.likenesses(of: query, with: [1, 2, 0, 3])
    #expect((found[1] - 1).magnitude < 0.01 && found[1] == found[2])
    #expect(found[0].magnitude < 0.5 && found[3] > found[0])
    #expect(space.likenesses(of: query, with: []) == [])
    #expect(space.likenesses(of: [1, 2], with: [0, 1]) == [0, 0])
  }
}
