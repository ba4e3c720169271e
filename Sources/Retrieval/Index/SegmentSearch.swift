import CKernels

/// One query in one segment: block-max MaxScore over windows of 256 documents.
///
/// 1. Lists of rare terms are read as a whole; with the stored maxima of the dense ones they give each window a bound.
/// 2. The windows of the highest bounds are scored first, so that the bar is high early; then the others in order, if
///    their bound reaches the bar.
/// 3. In a window the rare terms are added up, then dense terms by falling bound; as soon as what is left of them could
///    not lift a document without a score over the bar, only documents that could reach it are looked up.
final class SegmentSearch {
  /// A rare term: its places in the segment and what each adds.
  private struct Sparse {
    var places: UnsafeMutablePointer<UInt32>
    var shares: UnsafeMutablePointer<Int32>
    var count: Int
    var cursor = 0
  }

  private struct Dense {
    var row: Int
    var offset: Int
    var weight: Float
    /// What a 255th of the weight bounds; 0 where the stored maxima are too far off to be of use.
    var step: Int32
    var most: Int32
    var maxima: UnsafePointer<UInt8>

    func bound(_ window: Int) -> Int32 {
      guard step > 0 else { return maxima[window] > 0 ? most : 0 }
      return min(Int32(maxima[window]) * step, most)
    }
  }

  private static let firstWindows = 24
  /// From so many candidates on, the whole window is added rather than each looked up.
  private static let mostLookups = 24

  private let view: SegmentView
  private let norms: UnsafePointer<Float>
  private let removals: Removals?
  private let looseness: Float
  private var sparse: [Sparse] = []
  private var dense: [Dense] = []
  // Scratch: bounds of windows; scores, frequencies and candidates of one.
  private let bounds: UnsafeMutablePointer<Int32>
  private let scores = UnsafeMutablePointer<Int32>.allocate(capacity: SegmentSection.window)
  private let frequencies = UnsafeMutablePointer<UInt8>.allocate(capacity: SegmentSection.window)
  private let candidates = UnsafeMutablePointer<UInt8>.allocate(capacity: SegmentSection.window)
  private let frequencyOf: UnsafeMutablePointer<Float>
  private var order: [(bound: Int32, term: Int)] = []

  init(_ view: SegmentView, norms: UnsafePointer<Float>, removals: Removals?, looseness: Float) {
    self.view = view
    self.norms = norms
    self.removals = removals
    self.looseness = looseness
    bounds = .allocate(capacity: view.windows)
    bounds.initialize(repeating: 0, count: view.windows)
    frequencyOf = .allocate(capacity: 256)
    for (code, value) in FrequencyCode.values.enumerated() { frequencyOf[code] = value }
  }

  deinit {
    for term in sparse {
      term.places.deallocate()
      term.shares.deallocate()
    }
    bounds.deallocate()
    scores.deallocate()
    frequencies.deallocate()
    candidates.deallocate()
    frequencyOf.deallocate()
  }

  func add(_ key: UInt64, weight: Float) {
    guard let index = view.find(key), let term = view.term(index), term.count > 0 else { return }
    if let row = term.dense {
      addDense(row, offset: term.offset, weight: weight)
    } else {
      addSparse(term, weight: weight)
    }
  }

  private func addDense(_ row: Int, offset: Int, weight: Float) {
    guard let maxima = view.maxima.baseAddress else { return }
    // No share is above the weight.
    let most = Int32(weight.rounded(.up)) + 1
    let own = maxima + row * view.windows
    guard looseness < 3 else {
      dense.append(Dense(row: row, offset: offset, weight: weight, step: 0, most: most, maxima: own))
      for window in 0..<view.windows where own[window] > 0 { bounds[window] &+= most }
      return
    }
    let step = Int32((weight * looseness / 255 * 1.00001).rounded(.up)) + 1
    dense.append(Dense(row: row, offset: offset, weight: weight, step: step, most: most, maxima: own))
    kernels_add_bounds(own, view.windows, step, most, bounds)
  }

  private func addSparse(_ term: SegmentView.Term, weight: Float) {
    let places = UnsafeMutablePointer<UInt32>.allocate(capacity: term.count)
    let shares = UnsafeMutablePointer<Int32>.allocate(capacity: term.count)
    let codes = UnsafeMutablePointer<UInt8>.allocate(capacity: term.count)
    defer { codes.deallocate() }
    guard view.readList(term, places: places, codes: codes) else {
      places.deallocate()
      shares.deallocate()
      return
    }
    kernels_contributions(places, codes, term.count, norms, frequencyOf, weight, shares)
    sparse.append(Sparse(places: places, shares: shares, count: term.count))
    var window = 0
    var most: Int32 = 0
    for index in 0..<term.count {
      let own = Int(places[index] >> UInt32(SegmentSection.windowShift))
      if own != window {
        bounds[window] &+= most
        window = own
        most = 0
      }
      most = max(most, shares[index])
    }
    bounds[window] &+= most
  }

  func run(_ best: inout BestDocuments) {
    let windows = view.windows
    guard windows > 0, !(sparse.isEmpty && dense.isEmpty) else { return }
    if windows > 2 * Self.firstWindows {
      for window in highestWindows() {
        for index in sparse.indices {
          sparse[index].cursor = Self.firstPlace(
            sparse[index].places, sparse[index].count, UInt32(window << SegmentSection.windowShift))
        }
        score(window, &best)
        bounds[window] = 0
      }
      for index in sparse.indices { sparse[index].cursor = 0 }
    }
    for window in 0..<windows where bounds[window] >= best.bar {
      guard best.admits(bounds[window], from: view.numbers[window << SegmentSection.windowShift]) else { continue }
      score(window, &best)
    }
  }

  /// The windows of the highest bounds, highest first; of equal bounds the first.
  private func highestWindows() -> [Int] {
    var highest: [(bound: Int32, window: Int)] = []
    var least: Int32 = 0
    for window in 0..<view.windows where bounds[window] > least {
      var at = highest.count
      while at > 0, highest[at - 1].bound < bounds[window] { at -= 1 }
      highest.insert((bounds[window], window), at: at)
      if highest.count > Self.firstWindows { highest.removeLast() }
      if highest.count == Self.firstWindows { least = highest[highest.count - 1].bound }
    }
    return highest.map(\.window)
  }

  private func score(_ window: Int, _ best: inout BestDocuments) {
    let low = UInt32(window << SegmentSection.windowShift)
    scores.update(repeating: 0, count: SegmentSection.window)
    let most = addSparse(from: low)
    var rest: Int32 = 0
    order.removeAll(keepingCapacity: true)
    for index in dense.indices {
      let bound = dense[index].bound(window)
      guard bound > 0 else { continue }
      rest += bound
      var at = order.count
      while at > 0, order[at - 1].bound < bound { at -= 1 }
      order.insert((bound, index), at: at)
    }
    guard most + rest >= best.bar else { return }
    var next = 0
    // While even a document that has none of the terms so far could get over the bar, all are scored.
    while next < order.count, rest >= best.bar {
      addWindow(dense[order[next].term], window)
      rest -= order[next].bound
      next += 1
    }
    var count = Int(kernels_reaching(scores, max(1, best.bar - rest), candidates))
    while next < order.count, count > 0 {
      let term = dense[order[next].term]
      rest -= order[next].bound
      next += 1
      if count > Self.mostLookups {
        addWindow(term, window)
      } else {
        lookUp(term, window, count)
      }
      let bar = best.bar - rest
      var kept = 0
      for index in 0..<count where scores[Int(candidates[index])] >= bar {
        candidates[kept] = candidates[index]
        kept += 1
      }
      count = kept
    }
    for index in 0..<count {
      let place = Int(low) + Int(candidates[index])
      guard place < view.documents, removals?.contains(place) != true else { continue }
      best.consider(scores[Int(candidates[index])], view.numbers[place])
    }
  }

  /// Adds the rare terms' shares in a window that is not before the cursors.
  /// - Returns: the highest score.
  private func addSparse(from low: UInt32) -> Int32 {
    var most: Int32 = 0
    for index in sparse.indices {
      let term = sparse[index]
      var at = term.cursor
      if at < term.count, term.places[at] < low {
        at += Self.firstPlace(term.places + at, term.count - at, low)
      }
      while at < term.count, term.places[at] &- low < UInt32(SegmentSection.window) {
        let place = Int(term.places[at] &- low)
        scores[place] &+= term.shares[at]
        most = max(most, scores[place])
        at += 1
      }
      sparse[index].cursor = at
    }
    return most
  }

  /// The first of the rising places that is not below `low`: in doubling steps, then by halves.
  private static func firstPlace(_ places: UnsafeMutablePointer<UInt32>, _ count: Int, _ low: UInt32) -> Int {
    var high = 1
    while high < count, places[high] < low { high *= 2 }
    var from = high / 2
    var to = min(high + 1, count)
    while from < to {
      let middle = (from + to) / 2
      if places[middle] < low { from = middle + 1 } else { to = middle }
    }
    return from
  }

  private func addWindow(_ term: Dense, _ window: Int) {
    guard let found = view.postings(ofDense: term.row, offset: term.offset, window: window) else { return }
    let own = norms + (window << SegmentSection.windowShift)
    guard found.isBitmap else {
      for index in 0..<found.count {
        let place = Int(found.places[index])
        scores[place] &+= share(term, code: found.codes?[index] ?? 1, norm: own[place])
      }
      return
    }
    frequencies.update(repeating: 0, count: SegmentSection.window)
    var rank = 0
    for index in 0..<4 {
      var word = SegmentView.word(found.places, index)
      while word != 0 {
        frequencies[index * 64 + word.trailingZeroBitCount] = found.codes?[rank] ?? 1
        rank += 1
        word &= word - 1
      }
    }
    kernels_add_window(frequencies, own, frequencyOf, term.weight, scores)
  }

  private func lookUp(_ term: Dense, _ window: Int, _ count: Int) {
    guard let found = view.postings(ofDense: term.row, offset: term.offset, window: window) else { return }
    let own = norms + (window << SegmentSection.windowShift)
    for candidate in 0..<count {
      let place = candidates[candidate]
      var rank = 0
      if found.isBitmap {
        let word = Int(place >> 6)
        let bits = SegmentView.word(found.places, word)
        let bit = UInt64(place & 63)
        guard bits >> bit & 1 == 1 else { continue }
        for before in 0..<word { rank += SegmentView.word(found.places, before).nonzeroBitCount }
        rank += (bits & ((1 << bit) - 1)).nonzeroBitCount
      } else {
        while rank < found.count, found.places[rank] < place { rank += 1 }
        guard rank < found.count, found.places[rank] == place else { continue }
      }
      scores[Int(place)] &+= share(term, code: found.codes?[rank] ?? 1, norm: own[Int(place)])
    }
  }

  /// The same operations in the same order as in the kernels.
  private func share(_ term: Dense, code: UInt8, norm: Float) -> Int32 {
    let frequency = frequencyOf[Int(code)]
    return Int32((term.weight * frequency) / (frequency + norm) + 0.5)
  }
}
