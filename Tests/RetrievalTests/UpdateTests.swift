import Foundation
import TestSupport
import Testing

@testable import Retrieval

@Suite struct UpdateTests {
  private func questions(_ count: Int, _ generator: inout SeededGenerator) -> [[QueryTerm]] {
    (0..<count).map { _ in
      (0..<Int.random(in: 1...8, using: &generator)).map { _ in QueryTerm(key: randomKey(400, from: &generator)) }
    }
  }

  @Test func `after any changes, to the last bit what one new segment gives`() throws {
    var generator = SeededGenerator(seed: 21)
    var truth: [UInt32: IndexedDocument] = [:]
    var changed = try InvertedIndex([])
    for round in 0..<12 {
      // Now many, now few; new ones, and ones that take the place of others. Lengths drift.
      let count = [500, 3, 40, 200][round % 4]
      var added: [UInt32: IndexedDocument] = [:]
      for document in randomDocuments(count, vocabulary: 400, from: &generator, length: 1...(10 + round * 5)) {
        var placed = document
        placed.number = UInt32.random(in: 0..<2_000, using: &generator)
        added[placed.number] = placed
      }
      let removed = Set((0..<(round % 3 == 2 ? 300 : 20)).map { _ in UInt32.random(in: 0..<2_000, using: &generator) })
      changed = try changed.updating(
        adding: added.values.sorted { $0.number < $1.number }, removing: removed, smallSegment: round < 8 ? 0 : 200)
      for number in removed { truth[number] = nil }
      truth.merge(added) { $1 }

      let fresh = try index(truth.values.sorted { $0.number < $1.number })
      #expect(changed.documentCount == truth.count)
      for asked in questions(12, &generator) {
        #expect(changed.top(10, of: asked) == fresh.top(10, of: asked))
        #expect(changed.documentCount(of: asked[0].key) == fresh.documentCount(of: asked[0].key))
      }
    }
    #expect(changed.segmentCount < 12)
    let merged = try changed.merged()
    #expect(merged.segmentCount == 1)
    for asked in questions(12, &generator) { #expect(merged.top(10, of: asked) == changed.top(10, of: asked)) }
  }

  @Test func `scores stay right where the mean length drifts far from what a segment was made with`() throws {
    var generator = SeededGenerator(seed: 22)
    for longer in [1...3, 60...80, 900...999] {
      let first = randomDocuments(1_200, vocabulary: 400, from: &generator, length: 8...12)
      let second = randomDocuments(
        300, vocabulary: 400, from: &generator, length: longer, numbers: { UInt32(5_000 + $0) })
      // Large segments are kept apart by hand.
      let both = try InvertedIndex([Segment(HeldBytes(bytes(first))), Segment(HeldBytes(bytes(second)))])
      let fresh = try index(first + second)
      #expect(both.segmentCount == 2)
      for asked in questions(20, &generator) { #expect(both.top(10, of: asked) == fresh.top(10, of: asked)) }
    }
  }

  @Test func `a small change leaves the large segment as it is`() throws {
    var generator = SeededGenerator(seed: 23)
    let large = try index(randomDocuments(2_000, vocabulary: 400, from: &generator))
    let changed = try large.updating(
      adding: randomDocuments(20, vocabulary: 400, from: &generator, numbers: { UInt32(1_000 + $0) }),
      smallSegment: 100)
    #expect(changed.parts[0].segment.file.payloadChecksum == large.parts[0].segment.file.payloadChecksum)
    #expect(changed.segmentCount == 2)
    #expect(changed.documentCount == 2_000)
    // The old snapshot is what it was.
    #expect(large.segmentCount == 1)
    #expect(large.parts[0].removals == nil)
  }

  @Test func `many small changes never make many segments`() throws {
    var generator = SeededGenerator(seed: 24)
    var changed = try index(randomDocuments(1_000, vocabulary: 400, from: &generator))
    for round in 0..<60 {
      changed = try changed.updating(
        adding: randomDocuments(2, vocabulary: 400, from: &generator, numbers: { UInt32(2_000 + round * 2 + $0) }),
        smallSegment: 0)
      #expect(changed.segmentCount <= 6)
    }
    #expect(changed.documentCount == 1_120)
  }

  @Test func `removing everything leaves an index that can be added to`() throws {
    var generator = SeededGenerator(seed: 25)
    let documents = randomDocuments(300, vocabulary: 400, from: &generator)
    let emptied = try index(documents).updating(adding: [], removing: Set(documents.map(\.number)))
    #expect(emptied.documentCount == 0)
    #expect(emptied.segmentCount == 0)
    let again = try emptied.updating(adding: documents)
    for asked in questions(5, &generator) {
      #expect(try again.top(10, of: asked) == index(documents).top(10, of: asked))
    }
  }

  @Test func `a number that comes twice is refused, in one batch, over runs and over segments`() throws {
    let document = IndexedDocument(number: 4, terms: [TermFrequency(key: 1), TermFrequency(key: 2)])
    let other = IndexedDocument(number: 5, terms: [TermFrequency(key: 1), TermFrequency(key: 2)])
    for postings in [1, 100] {
      #expect { try bytes([document, other, document], postingsInMemory: postings) } throws: {
        ($0 as? RetrievalError)?.code == .invalid && "\($0)".contains("4")
      }
    }
    let segment = try Segment(HeldBytes(bytes([document])))
    #expect { try InvertedIndex([segment, segment]).merged() } throws: { ($0 as? RetrievalError)?.code == .invalid }
  }

  @Test func `packed in many small runs, the bytes are those of one run`() throws {
    var generator = SeededGenerator(seed: 26)
    var documents = randomDocuments(3_000, vocabulary: 2_000, from: &generator)
    let whole = try bytes(documents)
    #expect(try bytes(documents, postingsInMemory: 5_000) == whole)
    documents.shuffle(using: &generator)
    #expect(try bytes(documents, postingsInMemory: 5_000) == whole)
    #expect(try bytes(documents) == whole)
  }

  @Test func `parameters that make no sense are refused, and segments of other parameters`() throws {
    for parameters in [
      IndexParameters(saturation: 0), IndexParameters(saturation: .nan), IndexParameters(lengthShare: 1.5),
      IndexParameters(unit: 0), IndexParameters(unit: .infinity),
    ] {
      #expect { _ = try bytes([], parameters) } throws: { ($0 as? RetrievalError)?.code == .invalid }
    }
    let one = try Segment(HeldBytes(bytes([])))
    let other = try Segment(HeldBytes(bytes([], IndexParameters(saturation: 2))))
    #expect { try InvertedIndex([one, other]) } throws: { ($0 as? RetrievalError)?.code == .invalid }
  }
}
