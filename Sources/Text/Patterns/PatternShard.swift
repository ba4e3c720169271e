import CRE2

/// Patterns of a set that follow one another and are matched in one pass, because together they stay below the memory
/// cap.
///
/// Unchecked, because of the pointer: it never changes, and RE2 lets any number of threads match with one compiled set.
final class PatternShard: @unchecked Sendable {
  /// A pass over more patterns than this at once meets so many combinations of them that RE2 forgets and rebuilds
  /// instead of remembering.
  static let mostPatterns = 256

  private let firstIndex: Int
  private let count: Int
  /// Nil for a single pattern for which a set needs more memory than matching it alone.
  private let handle: OpaquePointer?
  private let alone: SinglePatterns

  private init(_ patterns: ArraySlice<String>, handle: OpaquePointer?) {
    self.firstIndex = patterns.startIndex
    self.count = patterns.count
    self.handle = handle
    self.alone = SinglePatterns(Array(patterns))
  }

  deinit {
    if let handle { greenroom_re2_set_free(handle) }
  }

  /// As few shards as the memory cap allows.
  /// - Throws: `PatternError` for the first pattern that cannot be read, or else for the first that is too large.
  static func shards(of patterns: ArraySlice<String>) throws(PatternError) -> [PatternShard] {
    guard !patterns.isEmpty else { return [] }
    if let handle = try compiled(patterns) { return [PatternShard(patterns, handle: handle)] }
    if patterns.count == 1 {
      let shard = PatternShard(patterns, handle: nil)
      do {
        _ = try Pattern(patterns[patterns.startIndex])
      } catch {
        throw PatternError(index: patterns.startIndex, message: error.message)
      }
      return [shard]
    }
    let middle = patterns.startIndex + patterns.count / 2
    return try shards(of: patterns[..<middle]) + shards(of: patterns[middle...])
  }

  /// Nil when the patterns together need too much memory.
  private static func compiled(_ patterns: ArraySlice<String>) throws(PatternError) -> OpaquePointer? {
    guard let set = greenroom_re2_set_new(Pattern.memoryCap) else { return nil }
    for (index, pattern) in zip(patterns.indices, patterns) {
      let (added, words) = PatternError.words { error, capacity in
        pattern.withCharacters { greenroom_re2_set_add(set, $0, $1, error, capacity) }
      }
      guard added >= 0 else {
        greenroom_re2_set_free(set)
        throw PatternError.saying(words, at: index)
      }
    }
    // Whether there is memory left to match with shows with the first text, whatever it is.
    if greenroom_re2_set_seal(set) == 1, greenroom_re2_set_match(set, nil, 0, nil, 0) >= 0 { return set }
    greenroom_re2_set_free(set)
    return nil
  }

  func appendMatches(in text: String, to found: inout [Int]) {
    guard let handle else { return found += alone.matches(in: text).map { firstIndex + $0 } }
    withUnsafeTemporaryAllocation(of: CInt.self, capacity: count) { buffer in
      let outcome = text.withCharacters {
        greenroom_re2_set_match(handle, $0, $1, buffer.baseAddress, buffer.count)
      }
      if outcome < 0 {
        found += alone.matches(in: text).map { firstIndex + $0 }
      } else {
        found += buffer.prefix(Int(outcome)).sorted().map { firstIndex + Int($0) }
      }
    }
  }
}
