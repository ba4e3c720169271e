import CKernels

extension VectorTable {
  /// The rows among which the best are looked for.
  package enum Rows: Sendable {
    /// All, by groups where the table has them.
    case all
    /// All, each of them, whatever the size.
    case exactlyAll
    /// Rows outside the table are passed over; a row that is named twice counts once.
    case ranges([Range<Int>])
    case listed([Int])
  }

  /// The rows of the highest products with `query`, best first; of equal products the lower row first. Empty where `query`
  /// has another dimension or a number that is none.
  package func top(_ limit: Int, near query: [Float], among rows: Rows = .all) -> [VectorHit] {
    guard limit > 0, count > 0, query.count == dimension, query.allSatisfy(\.isFinite) else { return [] }
    let asked = QuantisedVector.query(query, stride: stride)
    var best = BestRows(min(limit, count))
    withView { view in
      let scan = Scan(view: view, query: asked.values, scale: asked.scale)
      switch rows {
      case .all:
        if let lists {
          for list in scan.nearestLists(lists.probes) {
            scan.run(Int(view.starts[list])..<Int(view.starts[list + 1]), &best)
          }
        } else {
          scan.run(0..<count, &best)
        }
      case .exactlyAll: scan.run(0..<count, &best)
      case .ranges(let ranges):
        let inside = ranges.map { $0.clamped(to: 0..<count) }.filter { !$0.isEmpty }
          .sorted { $0.lowerBound < $1.lowerBound }
        var from = 0
        for range in inside where range.upperBound > from {
          let own = max(from, range.lowerBound)..<range.upperBound
          from = range.upperBound
          if lists == nil { scan.run(own, &best) } else { for row in own { scan.run(row: row, &best) } }
        }
      case .listed(let rows):
        var last = -1
        for row in rows.sorted() where row > last && row < count {
          last = row
          scan.run(row: row, &best)
        }
      }
    }
    return best.sorted()
  }

  /// The products of `query` with the rows, in their order; 0 for a row outside the table, or where `query` has another
  /// dimension.
  package func products(of query: [Float], with rows: Range<Int>) -> [Float] {
    guard rows.lowerBound == 0, rows.upperBound <= count else { return products(of: query, with: Array(rows)) }
    guard query.count == dimension, query.allSatisfy(\.isFinite) else { return rows.map { _ in 0 } }
    let asked = QuantisedVector.query(query, stride: stride)
    return withView { view in
      Scan(view: view, query: asked.values, scale: asked.scale).products(rows)
    }
  }

  /// The products of each of `queries` with every row, in their order: those of query q from `result` + q · `stride` on. 0
  /// where a query has another dimension or a number that is none.
  ///
  /// The same numbers as one query at a time, in half the time.
  package func products(of queries: [[Float]], into result: UnsafeMutablePointer<Float>, stride resultStride: Int) {
    withView { view in
      guard let numbers = view.numbers.baseAddress, view.lists == nil else {
        for (number, query) in queries.enumerated() {
          for (row, product) in products(of: query, with: 0..<count).enumerated() {
            result[number * resultStride + row] = product
          }
        }
        return
      }
      var sums = [Int32](repeating: 0, count: 4 * count)
      for first in Swift.stride(from: 0, to: queries.count, by: 4) {
        var asked: [Int16] = []
        var scales: [Float] = []
        for number in first..<(first + 4) {
          let query = number < queries.count ? queries[number] : []
          let isSound = query.count == dimension && query.allSatisfy(\.isFinite)
          let whole = QuantisedVector.query(isSound ? query : [], stride: stride)
          asked += whole.values
          scales.append(whole.scale)
        }
        kernels_dots4_i16_i8(asked, stride, numbers, stride, stride, count, &sums, count)
        for number in first..<min(first + 4, queries.count) {
          let (line, scale) = (result + number * resultStride, scales[number - first])
          for row in 0..<count { line[row] = Float(sums[(number - first) * count + row]) * (view.scales[row] * scale) }
        }
      }
    }
  }

  package func products(of query: [Float], with rows: [Int]) -> [Float] {
    guard query.count == dimension, query.allSatisfy(\.isFinite) else { return rows.map { _ in 0 } }
    let asked = QuantisedVector.query(query, stride: stride)
    return withView { view in
      let scan = Scan(view: view, query: asked.values, scale: asked.scale)
      var products: [Float] = []
      products.reserveCapacity(rows.underestimatedCount)
      for row in rows { products.append(row >= 0 && row < count ? scan.product(at: view.place(of: row)) : 0) }
      return products
    }
  }

  /// One question, going through places.
  struct Scan {
    let view: View
    let query: [Int16]
    let scale: Float

    private static let chunk = 256

    func product(at place: Int) -> Float {
      guard let numbers = view.numbers.baseAddress else { return 0 }
      let sum = kernels_dot_i16_i8(query, numbers + place * view.stride, view.stride)
      return Float(sum) * (view.scales[place] * scale)
    }

    /// Of the rows in their order, from the first.
    func products(_ rows: Range<Int>) -> [Float] {
      guard let numbers = view.numbers.baseAddress, view.lists == nil, !rows.isEmpty else {
        return rows.map { product(at: view.place(of: $0)) }
      }
      var sums = [Int32](repeating: 0, count: rows.count)
      kernels_dots_i16_i8(query, numbers, view.stride, view.stride, rows.count, &sums)
      return rows.map { Float(sums[$0]) * (view.scales[$0] * scale) }
    }

    func run(row: Int, _ best: inout BestRows) { best.consider(row, product(at: view.place(of: row))) }

    func run(_ places: Range<Int>, _ best: inout BestRows) {
      guard let numbers = view.numbers.baseAddress else { return }
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.chunk) { sums in
        guard let out = sums.baseAddress else { return }
        for start in Swift.stride(from: places.lowerBound, to: places.upperBound, by: Self.chunk) {
          let length = min(Self.chunk, places.upperBound - start)
          kernels_dots_i16_i8(query, numbers + start * view.stride, view.stride, view.stride, length, out)
          for index in 0..<length {
            let score = Float(out[index]) * (view.scales[start + index] * scale)
            if score >= best.bar { best.consider(view.row(at: start + index), score) }
          }
        }
      }
    }

    /// Of the lists' centres, those of the highest products, best first.
    func nearestLists(_ limit: Int) -> [Int] {
      guard let lists = view.lists, let centres = view.centres.baseAddress else { return [] }
      var sums = [Int32](repeating: 0, count: lists.count)
      kernels_dots_i16_i8(query, centres, view.stride, view.stride, lists.count, &sums)
      var best = BestRows(min(limit, lists.count))
      for list in 0..<lists.count { best.consider(list, Float(sums[list]) * view.centreScales[list]) }
      return best.sorted().map(\.row)
    }
  }
}
