import TestSupport
import Testing

@testable import Retrieval

@Suite struct VectorTests {
  private func unit(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }

  private func random(_ dimension: Int, _ generator: inout SeededGenerator) -> [Float] {
    unit((0..<dimension).map { _ in Float.random(in: -1...1, using: &generator) })
  }

  /// Vectors around centres, as those of sentences lie.
  private func clustered(_ count: Int, _ dimension: Int, _ generator: inout SeededGenerator) -> [[Float]] {
    let centres = (0..<40).map { _ in random(dimension, &generator) }
    return (0..<count).map { _ in
      let centre = centres[Int.random(in: 0..<centres.count, using: &generator)]
      return unit(zip(centre, random(dimension, &generator)).map { $0 + 0.7 * $1 })
    }
  }

  private func bytes(_ vectors: [[Float]], groupedAbove: Int = 50_000) throws -> [UInt8] {
    var builder = try VectorTableBuilder(dimension: vectors.first?.count ?? 8)
    for vector in vectors { try builder.add(vector) }
    return builder.finish(contentKey: [9], groupedAbove: groupedAbove)
  }

  private func table(_ vectors: [[Float]], groupedAbove: Int = 50_000) throws -> VectorTable {
    try VectorTable(HeldBytes(bytes(vectors, groupedAbove: groupedAbove)), contentKey: [9])
  }

  private func product(_ one: [Float], _ other: [Float]) -> Float { zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }

  @Test(arguments: [3, 32, 100, 384])
  func `products are close to those of the vectors themselves, and rows come back`(dimension: Int) throws {
    var generator = SeededGenerator(seed: UInt64(dimension))
    let vectors = (0..<200).map { _ in random(dimension, &generator) }
    let table = try table(vectors)
    for _ in 0..<5 {
      let query = random(dimension, &generator)
      let products = table.products(of: query, with: 0..<200)
      for (row, found) in products.enumerated() { #expect(abs(found - product(query, vectors[row])) < 0.01) }
      // What is found is what the products say.
      let expected = products.indices.sorted { (-products[$0], $0) < (-products[$1], $1) }.prefix(7)
      #expect(table.top(7, near: query) == expected.map { VectorHit(row: $0, score: products[$0]) })
    }
    for row in [0, 57, 199] {
      #expect(zip(table.vector(row), vectors[row]).allSatisfy { abs($0 - $1) < 0.005 })
      #expect(table.vector(row).count == dimension)
    }
  }

  @Test func `some rows, listed or in ranges, in any order, twice or outside the table`() throws {
    var generator = SeededGenerator(seed: 51)
    let vectors = clustered(900, 24, &generator)
    for table in [try table(vectors), try table(vectors, groupedAbove: 100)] {
      let query = random(24, &generator)
      let products = table.products(of: query, with: 0..<900)
      func best(_ rows: some Sequence<Int>) -> [VectorHit] {
        Set(rows).sorted { (-products[$0], $0) < (-products[$1], $1) }.prefix(5).map {
          VectorHit(row: $0, score: products[$0])
        }
      }
      #expect(table.top(5, near: query, among: .exactlyAll) == best(0..<900))
      let listed = [5, 800, 5, 17, 18, 400, 401, -3, 900, 7_000]
      #expect(table.top(5, near: query, among: .listed(listed)) == best(listed.filter { (0..<900).contains($0) }))
      let ranges = [700..<20_000, 3..<40, 30..<50, -5..<2, 60..<60]
      #expect(
        table.top(5, near: query, among: .ranges(ranges))
          == best(Array(700..<900) + Array(3..<50) + Array(0..<2)))
      #expect(table.top(5, near: query, among: .listed([])).isEmpty)
    }
  }

  @Test(arguments: [1, 31, 48, 384, 896])
  func `several questions at once get the very products of one at a time`(dimension: Int) throws {
    var generator = SeededGenerator(seed: 17)
    for (rows, groupedAbove) in [(0, 50_000), (1, 50_000), (37, 50_000), (64, 10)] {
      let table = try table((0..<rows).map { _ in random(dimension, &generator) }, groupedAbove: groupedAbove)
      for count in [0, 1, 3, 4, 9] {
        var queries = (0..<count).map { _ in random(dimension, &generator) }
        if count > 3 { (queries[1], queries[2]) = ([], [Float](repeating: .nan, count: dimension)) }
        let stride = rows + 3
        var found = [Float](repeating: 7, count: max(count * stride, 1))
        table.products(of: queries, into: &found, stride: stride)
        for (number, query) in queries.enumerated() {
          let own = found[(number * stride)..<((number + 1) * stride)]
          #expect(Array(own.prefix(rows)) == table.products(of: query, with: 0..<rows))
          #expect(own.suffix(3).allSatisfy { $0 == 7 })
        }
      }
    }
  }

  @Test func `a grouped table finds nearly all of the best, and each score is exact`() throws {
    var generator = SeededGenerator(seed: 52)
    let vectors = clustered(2_500, 32, &generator)
    let grouped = try table(vectors, groupedAbove: 1_000)
    #expect(grouped.isApproximate)
    let lists = try #require(grouped.lists)
    #expect(lists.probes < lists.count)
    var found = 0
    for _ in 0..<50 {
      // Questions that were not there when the table was made.
      let near = vectors[Int.random(in: 0..<vectors.count, using: &generator)]
      let query = unit(zip(near, random(32, &generator)).map { $0 + 0.4 * $1 })
      let exact = grouped.top(10, near: query, among: .exactlyAll)
      let hits = grouped.top(10, near: query)
      #expect(hits.map(\.score) == grouped.products(of: query, with: hits.map(\.row)))
      found += Set(exact.map(\.row)).intersection(hits.map(\.row)).count
    }
    #expect(found >= 475)
  }

  @Test func `the same vectors make the same bytes`() throws {
    var generator = SeededGenerator(seed: 53)
    let vectors = clustered(700, 16, &generator)
    #expect(try bytes(vectors, groupedAbove: 100) == bytes(vectors, groupedAbove: 100))
  }

  @Test func `equal vectors come by their row, grouped or not`() throws {
    let vectors = [[Float]](repeating: [0.6, 0.8], count: 500)
    for limit in [50_000, 10] {
      let hits = try table(vectors, groupedAbove: limit).top(4, near: [1, 0], among: .exactlyAll)
      #expect(hits.map(\.row) == [0, 1, 2, 3])
    }
  }

  @Test func `vectors of zeros, of huge and of tiny numbers; an empty table; questions that fit none`() throws {
    let table = try table([[0, 0], [3e37, 1e37], [1e-30, -1e-30]])
    #expect(table.vector(0) == [0, 0])
    #expect(table.top(3, near: [1, 0]).map(\.row) == [1, 2, 0])
    #expect(table.top(3, near: [0, 0]).map(\.score) == [0, 0, 0])
    for query in [[1], [1, 2, 3], [.nan, 1], [.infinity, 0], []] as [[Float]] {
      #expect(table.top(3, near: query).isEmpty)
      #expect(table.products(of: query, with: [0, 1]) == [0, 0])
    }
    #expect(table.products(of: [1, 0], with: [-1, 3]) == [0, 0])
    #expect(table.vector(-1).isEmpty && table.vector(3).isEmpty)
    #expect(try self.table([]).top(3, near: [Float](repeating: 0.1, count: 8)).isEmpty)
    #expect(table.top(0, near: [1, 0]).isEmpty)
  }

  @Test func `vectors of another dimension or with numbers that are none are refused`() throws {
    #expect { _ = try VectorTableBuilder(dimension: 0) } throws: { ($0 as? RetrievalError)?.code == .invalid }
    for vector in [[1], [1, .nan], [-.infinity, 0], []] as [[Float]] {
      #expect {
        var builder = try VectorTableBuilder(dimension: 2)
        try builder.add(vector)
      } throws: { ($0 as? RetrievalError)?.code == .invalid }
    }
  }

  @Test func `damaged tables are refused or searched without harm`() throws {
    var generator = SeededGenerator(seed: 54)
    let whole = try bytes(clustered(600, 16, &generator), groupedAbove: 100)
    let file = try SectionedFile(HeldBytes(whole), kind: .vectors, contentKey: nil)
    let query = random(16, &generator)
    var refused = 0
    for round in 0..<120 {
      var damaged = whole
      if round % 2 == 0 {
        damaged[Int.random(in: 0..<damaged.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      } else {
        var sections = file.sections.map { Array(whole[$0]) }
        let section = (round / 2) % sections.count
        for _ in 0..<4 {
          sections[section][Int.random(in: 0..<sections[section].count, using: &generator)] ^=
            UInt8.random(in: 1...255, using: &generator)
        }
        damaged = SectionedFile.encode(.vectors, contentKey: [], sections: sections)
      }
      guard let table = try? VectorTable(HeldBytes(damaged)) else {
        refused += 1
        continue
      }
      for rows in [VectorTable.Rows.all, .exactlyAll, .ranges([0..<50]), .listed([1, 599])] {
        #expect(table.top(5, near: query, among: rows).count <= 5)
      }
      _ = table.vector(599)
    }
    #expect(refused > 20)
    for length in [0, 30, 200, whole.count - 1] {
      #expect(throws: RetrievalError.self) { try VectorTable(HeldBytes(Array(whole.prefix(length)))) }
    }
    #expect { try VectorTable(HeldBytes(whole), contentKey: [8]) } throws: {
      ($0 as? RetrievalError)?.code == .otherContent
    }
  }
}
