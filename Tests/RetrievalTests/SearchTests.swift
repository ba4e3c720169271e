import TestSupport
import Testing

@testable import Retrieval

@Suite struct SearchTests {
  private func question(_ generator: inout SeededGenerator, _ vocabulary: Int) -> [QueryTerm] {
    (0..<Int.random(in: 1...12, using: &generator)).map { _ in
      QueryTerm(key: randomKey(vocabulary, from: &generator), weight: Float.random(in: 0.2...2, using: &generator))
    }
  }

  @Test(arguments: [(1, 20), (40, 50), (300, 400), (1_000, 3_000), (9_000, 9_000)])
  func `the same best documents as scoring every document`(size: Int, vocabulary: Int) throws {
    var generator = SeededGenerator(seed: UInt64(size))
    let documents = randomDocuments(size, vocabulary: vocabulary, from: &generator)
    let exhaustive = ExhaustiveIndex(documents)
    let built = try index(documents)
    for _ in 0..<(size > 5_000 ? 4 : 30) {
      let asked = question(&generator, vocabulary)
      let scores = exhaustive.scores(asked)
      for limit in [1, 3, 10, 100, size + 5] {
        #expect(disagreement(built.top(limit, of: asked), scores, limit: limit) == nil)
      }
    }
  }

  @Test func `documents of one score come by their number, whichever windows are scored first`() throws {
    // Every document is the same but for a few that are better, late in the index.
    let documents: [IndexedDocument] = (0..<30_000).map { number in
      let frequency: Float = number >= 25_000 && number % 1_000 == 0 ? 5 : 1
      let terms = [TermFrequency(key: 1, frequency: frequency)]
      return IndexedDocument(number: UInt32(number * 3), terms: terms, length: 10)
    }
    let hits = try index(documents).top(8, of: [QueryTerm(key: 1)])
    #expect(hits.map(\.document) == [75_000, 78_000, 81_000, 84_000, 87_000, 0, 3, 6])
  }

  @Test func `rare terms of one score come by their number too`() throws {
    let documents = (0..<50_000).map { number in
      IndexedDocument(number: UInt32(number), terms: [TermFrequency(key: number % 100 == 7 ? 1 : 2)], length: 1)
    }
    let hits = try index(documents).top(5, of: [QueryTerm(key: 1)])
    #expect(hits.map(\.document) == [7, 107, 207, 307, 407])
  }

  @Test func `only documents that the filter allows are found, and as many as asked for`() throws {
    var generator = SeededGenerator(seed: 5)
    let documents = randomDocuments(3_000, vocabulary: 500, from: &generator)
    let exhaustive = ExhaustiveIndex(documents)
    let built = try index(documents)
    for divisor in [2, 7, 500] as [UInt32] {
      for _ in 0..<10 {
        let asked = question(&generator, 500)
        let hits = built.top(10, of: asked) { $0 % divisor == 1 }
        #expect(disagreement(hits, exhaustive.scores(asked), limit: 10) { $0 % divisor == 1 } == nil)
      }
    }
    #expect(built.top(10, of: question(&generator, 500)) { _ in false }.isEmpty)
  }

  @Test func `field weights in quarters, given lengths, lengths in a byte`() throws {
    var generator = SeededGenerator(seed: 6)
    for precision in [LengthPrecision.exact, .oneByte] {
      let parameters = IndexParameters(saturation: 0.9, lengthShare: 0.4, unit: 0.25, lengthPrecision: precision)
      let documents = randomDocuments(600, vocabulary: 200, from: &generator).map { document in
        var weighted = document
        weighted.length = Float(document.terms.count * 3 + Int.random(in: 0...300, using: &generator))
        weighted.terms = document.terms.map {
          TermFrequency(key: $0.key, frequency: [0.25, 1, 2.5, 40][Int.random(in: 0..<4, using: &generator)])
        }
        return weighted
      }
      let exhaustive = ExhaustiveIndex(documents, parameters: parameters)
      let built = try index(documents, parameters)
      for _ in 0..<20 {
        let asked = question(&generator, 200)
        #expect(disagreement(built.top(10, of: asked), exhaustive.scores(asked), limit: 10) == nil)
      }
    }
  }

  @Test func `a question without terms, with unknown terms or with weights that make no sense finds nothing`() throws {
    let built = try index([IndexedDocument(number: 1, terms: [TermFrequency(key: 5)])])
    #expect(built.top(10, of: []).isEmpty)
    #expect(built.top(10, of: [QueryTerm(key: 6)]).isEmpty)
    for weight in [0, -1, .nan, .infinity] as [Float] {
      #expect(built.top(10, of: [QueryTerm(key: 5, weight: weight)]).isEmpty)
    }
    #expect(built.top(0, of: [QueryTerm(key: 5)]).isEmpty)
    #expect(built.top(-1, of: [QueryTerm(key: 5)]).isEmpty)
    #expect(built.top(10, of: [QueryTerm(key: 5, weight: 1e-30)]).map(\.document) == [1])
    #expect(built.top(10, of: [QueryTerm(key: 5, weight: 1e30)]).map(\.document) == [1])
  }

  @Test func `an empty index and empty documents`() throws {
    #expect(try index([]).top(10, of: [QueryTerm(key: 1)]).isEmpty)
    let built = try index([
      IndexedDocument(number: 7, terms: []), IndexedDocument(number: 3, terms: [TermFrequency(key: 1)]),
    ])
    #expect(built.documentCount == 2)
    #expect(built.top(10, of: [QueryTerm(key: 1)]).map(\.document) == [3])
    #expect(built.contains(7))
    #expect(!built.contains(8))
  }

  @Test func `a term that comes twice counts twice`() throws {
    var generator = SeededGenerator(seed: 8)
    let documents = randomDocuments(500, vocabulary: 100, from: &generator)
    let built = try index(documents)
    let one = randomKey(100, from: &generator)
    let other = randomKey(100, from: &generator)
    let twice = built.top(10, of: [QueryTerm(key: one), QueryTerm(key: other), QueryTerm(key: one)])
    #expect(twice == built.top(10, of: [QueryTerm(key: one, weight: 2), QueryTerm(key: other)]))
  }

  @Test func `the order of terms does not matter, to the last bit`() throws {
    var generator = SeededGenerator(seed: 9)
    let built = try index(randomDocuments(2_000, vocabulary: 300, from: &generator))
    for _ in 0..<20 {
      let asked = question(&generator, 300)
      #expect(built.top(20, of: asked) == built.top(20, of: asked.reversed()))
    }
  }

  @Test func `hits and scores are the same bits with and without AVX2, and in every run`() throws {
    var generator = SeededGenerator(seed: 11)
    let built = try index(randomDocuments(4_000, vocabulary: 900, from: &generator))
    var table = try VectorTableBuilder(dimension: 40)
    for _ in 0..<300 { try table.add((0..<40).map { _ in Float.random(in: -1...1, using: &generator) }) }
    let vectors = try VectorTable(HeldBytes(table.finish(groupedAbove: 100)))
    var seen: [UInt64] = []
    for _ in 0..<40 {
      for hit in built.top(10, of: question(&generator, 900)) {
        seen += [UInt64(hit.document), hit.score.bitPattern]
      }
      let query = (0..<40).map { _ in Float.random(in: -1...1, using: &generator) }
      for hit in vectors.top(10, near: query) { seen += [UInt64(hit.row), UInt64(hit.score.bitPattern)] }
    }
    #expect(seen.withUnsafeBytes { SectionedFile.checksum($0) } == 17_620_762_660_989_907_186)
  }

  @Test func `very many terms, and document numbers up to the highest`() throws {
    var generator = SeededGenerator(seed: 10)
    let documents = randomDocuments(
      700, vocabulary: 2_000, from: &generator, length: 20...60, numbers: { UInt32.max - UInt32($0) })
    let exhaustive = ExhaustiveIndex(documents)
    let built = try index(documents)
    let asked = (0..<600).map { _ in QueryTerm(key: randomKey(2_000, from: &generator)) }
    #expect(disagreement(built.top(25, of: asked), exhaustive.scores(asked), limit: 25) == nil)
  }
}
