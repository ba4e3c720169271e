import CRE2

/// Many regular expressions, all matched in one pass over the text. The syntax is that of `Pattern`.
///
/// Unchecked, because of the pointer: it never changes, and RE2 lets any number of threads match with one compiled set.
package final class PatternSet: @unchecked Sendable {
  private let patterns: [String]
  /// Nil when RE2 is not to be asked about all of them at once.
  private let handle: OpaquePointer?
  /// Each for itself, for when all of them at once would take more memory than allowed.
  private let single: SinglePatterns

  /// An empty list is fine, and matches nothing.
  /// - Throws: `PatternError` for the first pattern that cannot be compiled.
  package init(_ patterns: [String]) throws(PatternError) {
    self.patterns = patterns
    self.single = SinglePatterns(patterns)
    guard !patterns.isEmpty, let set = greenroom_re2_set_new(Pattern.memoryCap) else {
      self.handle = nil
      return
    }
    for (index, pattern) in patterns.enumerated() {
      let (added, words) = PatternError.words { error, capacity in
        pattern.withCharacters { greenroom_re2_set_add(set, $0, $1, error, capacity) }
      }
      guard added >= 0 else {
        greenroom_re2_set_free(set)
        throw PatternError.saying(words, at: index)
      }
    }
    guard greenroom_re2_set_seal(set) == 1 else {
      greenroom_re2_set_free(set)
      // Either one of them is too large, which is its author's to know, or only their sum is, which nobody need know.
      self.handle = nil
      try single.compile()
      return
    }
    self.handle = set
  }

  deinit {
    if let handle { greenroom_re2_set_free(handle) }
  }

  /// The indices of the patterns that match somewhere in the text, ascending.
  package func matches(in text: String) -> [Int] {
    guard !patterns.isEmpty else { return [] }
    guard let handle else { return single.matches(in: text) }
    var found = 0
    var indices = [CInt](unsafeUninitializedCapacity: patterns.count) { buffer, count in
      found = Int(text.withCharacters { greenroom_re2_set_match(handle, $0, $1, buffer.baseAddress, buffer.count) })
      count = max(found, 0)
    }
    guard found >= 0 else { return single.matches(in: text) }
    indices.sort()
    return indices.map(Int.init)
  }
}
