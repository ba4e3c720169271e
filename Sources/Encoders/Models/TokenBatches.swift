import Foundation

/// Texts cut into pieces and put together so that the weights, which are larger than the processor's caches, are read once
/// for many short texts.
enum TokenBatches {
  /// In pieces: what a layer works on stays in the processor's second cache.
  static let usualSize = 160
  /// One text of this length or a few short ones are not worth a second core.
  private static let smallWork = 96

  /// Calls `encode` with ranges of texts that cover all, several at a time where there is much to do.
  ///
  /// What a text gets does not depend on the range it is in: every kernel treats rows one by one.
  /// - Parameter alone: whether each text gets a range of its own.
  static func forEach(lengths: [Int], alone: Bool, _ encode: @Sendable (Range<Int>) -> Void) {
    var ranges: [Range<Int>] = []
    var start = 0
    var size = 0
    for (index, length) in lengths.enumerated() {
      if index > start, alone || size + length > usualSize {
        ranges.append(start..<index)
        (start, size) = (index, 0)
      }
      size += length
    }
    if start < lengths.count { ranges.append(start..<lengths.count) }
    if ranges.count < 2 || lengths.reduce(0, +) <= smallWork {
      for range in ranges { encode(range) }
    } else {
      let work = ranges
      DispatchQueue.concurrentPerform(iterations: work.count) { encode(work[$0]) }
    }
  }
}
