/// Many regular expressions, matched together in a few passes over the text, or in one. The syntax is that of `Pattern`.
package final class PatternSet: Sendable {
  private let shards: [PatternShard]

  /// An empty list is fine, and matches nothing.
  /// - Throws: `PatternError` for the first pattern that cannot be compiled.
  package init(_ patterns: [String]) throws(PatternError) {
    var shards: [PatternShard] = []
    for start in stride(from: 0, to: patterns.count, by: PatternShard.mostPatterns) {
      shards += try PatternShard.shards(of: patterns[start..<min(start + PatternShard.mostPatterns, patterns.count)])
    }
    self.shards = shards
  }

  /// The indices of the patterns that match somewhere in the text, ascending.
  package func matches(in text: String) -> [Int] {
    var text = text
    text.makeContiguousUTF8()
    var found: [Int] = []
    for shard in shards { shard.appendMatches(in: text, to: &found) }
    return found
  }
}
