import CRE2

/// One regular expression in RE2's syntax: case-insensitive, unanchored, over UTF-8, and matched in time linear in the
/// text whatever the expression. `\b`, `\w` and `\d` know ASCII only; `\pL` and `\pN` are all letters and numbers.
///
/// Unchecked, because of the pointer: it never changes, and RE2 lets any number of threads match with one compiled
/// expression.
package final class Pattern: @unchecked Sendable {
  /// How many bytes a pattern, and what RE2 remembers while matching with it, may take: RE2's own default.
  static let memoryCap: Int64 = 8 << 20

  package let source: String
  private let handle: OpaquePointer

  /// - Throws: `PatternError` with index 0.
  package convenience init(_ source: String) throws(PatternError) {
    try self.init(source, memoryCap: Self.memoryCap)
  }

  init(_ source: String, memoryCap: Int64) throws(PatternError) {
    let (handle, words) = PatternError.words { error, capacity in
      source.withCharacters { greenroom_re2_pattern_new($0, $1, memoryCap, error, capacity) }
    }
    guard let handle else { throw PatternError.saying(words, at: 0) }
    self.source = source
    self.handle = handle
  }

  deinit {
    greenroom_re2_pattern_free(handle)
  }

  /// The leftmost match; nil when there is none. It may be empty.
  package func firstMatch(in text: String) -> Range<String.Index>? {
    var start = 0
    var end = 0
    let outcome = text.withCharacters { greenroom_re2_pattern_match(handle, $0, $1, &start, &end) }
    guard outcome == 1, start <= end else { return nil }
    let lower = text.utf8.index(text.startIndex, offsetBy: start)
    return lower..<text.utf8.index(lower, offsetBy: end - start)
  }

  package func matches(in text: String) -> Bool {
    text.withCharacters { greenroom_re2_pattern_match(handle, $0, $1, nil, nil) } == 1
  }
}
