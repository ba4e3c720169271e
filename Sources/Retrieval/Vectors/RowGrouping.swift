import CKernels

/// Rows grouped by direction: spherical k-means (Dhillon and Modha 2001) on a sample, with a fixed seed, then each row with
/// its nearest centre.
struct RowGrouping {
  /// The rows, list by list, rising within each.
  private(set) var rows: [UInt32] = []
  /// List l has the rows from starts[l] up to starts[l + 1].
  private(set) var starts: [UInt32] = []
  private(set) var centreScales: [Float] = []
  private(set) var centres: [Int8] = []

  private let numbers: [Int8]
  private let scales: [Float]
  private let stride: Int
  private let listCount: Int
  /// Rows to ask with; not in the sample.
  private var heldOut: [Int] = []

  private static let seed: UInt64 = 0x5EED
  private static let sampleShare = 32
  private static let rounds = 8
  private static let trials = 100
  /// How far questions lie from the rows that they are made of, as a length.
  private static let noise: Float = 0.5

  init(numbers: [Int8], scales: [Float], stride: Int) {
    (self.numbers, self.scales, self.stride) = (numbers, scales, stride)
    var lists = 1
    while lists * lists < scales.count { lists *= 2 }
    listCount = lists
    var generator = RowGenerator(state: Self.seed)
    var order = Array(scales.indices)
    let sampleSize = min(scales.count - min(scales.count / 2, Self.trials), listCount * Self.sampleShare)
    let drawn = min(scales.count, sampleSize + Self.trials)
    // The first of a shuffle: the sample, then what is held out.
    for index in 0..<drawn { order.swapAt(index, index + generator.below(scales.count - index)) }
    heldOut = Array(order[sampleSize..<drawn])
    train(order[..<sampleSize].sorted(), &generator)
    assignAll()
  }

  private mutating func train(_ sample: [Int], _ generator: inout RowGenerator) {
    var first = sample
    for index in 0..<min(listCount, first.count) { first.swapAt(index, index + generator.below(first.count - index)) }
    centres = [Int8](repeating: 0, count: listCount * stride)
    centreScales = [Float](repeating: 0, count: listCount)
    for list in 0..<listCount { setCentre(list, row(first[list % first.count])) }
    for _ in 0..<Self.rounds {
      var sums = [Float](repeating: 0, count: listCount * stride)
      var sizes = [Int](repeating: 0, count: listCount)
      for index in sample {
        let list = nearest(to: index)
        sizes[list] += 1
        for at in 0..<stride { sums[list * stride + at] += Float(numbers[index * stride + at]) * scales[index] }
      }
      for list in 0..<listCount {
        // A list that nobody is nearest to starts again elsewhere.
        let middle =
          sizes[list] > 0
          ? Array(sums[(list * stride)..<((list + 1) * stride)]) : row(sample[generator.below(sample.count)])
        setCentre(list, middle)
      }
    }
  }

  private func row(_ index: Int) -> [Float] {
    (0..<stride).map { Float(numbers[index * stride + $0]) * scales[index] }
  }

  /// Keeps a centre with length 1.
  private mutating func setCentre(_ list: Int, _ vector: [Float]) {
    let length = kernels_dot_f32(vector, vector, vector.count).squareRoot()
    let scaled = length > 0 ? vector.map { $0 / length } : vector
    centreScales[list] = QuantisedVector.quantise(scaled, into: &centres[(list * stride)..<((list + 1) * stride)])
  }

  private func nearest(to index: Int) -> Int {
    let query = numbers.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { QuantisedVector.widened($0 + index * stride, stride: stride) } ?? []
    }
    return productsWithCentres(query).enumerated().reduce((list: 0, product: -Float.infinity)) { best, next in
      next.element > best.product ? (next.offset, next.element) : best
    }.list
  }

  private func productsWithCentres(_ query: [Int16]) -> [Float] {
    var sums = [Int32](repeating: 0, count: listCount)
    kernels_dots_i16_i8(query, centres, stride, stride, listCount, &sums)
    return zip(sums, centreScales).map { Float($0) * $1 }
  }

  private mutating func assignAll() {
    let lists = scales.indices.map { UInt32(nearest(to: $0)) }
    starts = [UInt32](repeating: 0, count: listCount + 1)
    for list in lists { starts[Int(list) + 1] += 1 }
    for list in 0..<listCount { starts[list + 1] += starts[list] }
    var fill = starts
    rows = [UInt32](repeating: 0, count: lists.count)
    for (row, list) in lists.enumerated() {
      rows[Int(fill[Int(list)])] = UInt32(row)
      fill[Int(list)] += 1
    }
  }

  /// How many lists have to be looked through to find `recall` of the ten best, on questions near held-out rows.
  func probes(recall: Float) -> Int {
    var generator = RowGenerator(state: Self.seed &+ 1)
    var listOf = [Int](repeating: 0, count: rows.count)
    for list in 0..<listCount {
      for place in Int(starts[list])..<Int(starts[list + 1]) { listOf[Int(rows[place])] = list }
    }
    // How often a true neighbour lay in the list that came first, second, …
    var found = [Int](repeating: 0, count: listCount)
    var total = 0
    for asked in heldOut {
      let query = QuantisedVector.query(question(near: asked, &generator), stride: stride).values
      let products = productsWithCentres(query)
      let order = products.indices.sorted { (-products[$0], $0) < (-products[$1], $1) }
      var rank = [Int](repeating: 0, count: listCount)
      for (place, list) in order.enumerated() { rank[list] = place }
      for hit in exact(query) {
        found[rank[listOf[hit.row]]] += 1
        total += 1
      }
    }
    var sum = 0
    for (place, count) in found.enumerated() {
      sum += count
      if Float(sum) >= recall * Float(total) { return place + 1 }
    }
    return listCount
  }

  private func question(near index: Int, _ generator: inout RowGenerator) -> [Float] {
    let own = row(index)
    let length = max(kernels_dot_f32(own, own, own.count).squareRoot(), .leastNormalMagnitude)
    let drawn = own.map { _ in generator.unit() * 2 - 1 }
    let drawnLength = max(kernels_dot_f32(drawn, drawn, drawn.count).squareRoot(), .leastNormalMagnitude)
    return zip(own, drawn).map { $0 / length + Self.noise * $1 / drawnLength }
  }

  private func exact(_ query: [Int16]) -> [VectorHit] {
    var sums = [Int32](repeating: 0, count: scales.count)
    kernels_dots_i16_i8(query, numbers, stride, stride, scales.count, &sums)
    var best = BestRows(min(10, scales.count))
    for (row, sum) in sums.enumerated() {
      let score = Float(sum) * scales[row]
      if score >= best.bar { best.consider(row, score) }
    }
    return best.sorted()
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same draws everywhere.
struct RowGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
  mutating func unit() -> Float { Float(next() >> 40) / 16_777_216 }
}
