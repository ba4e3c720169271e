import Synchronization

/// The patterns of a shard one by one, compiled when first needed: for when RE2 runs out of memory with all of them at
/// once. Alone it needs less, and goes on more slowly instead of giving up.
final class SinglePatterns: Sendable {
  /// What was compiled within the cap as part of a set may need a little more by itself.
  private static let memoryCap = 4 * Pattern.memoryCap

  private let sources: [String]
  private let compiled = Mutex<[Pattern?]?>(nil)

  init(_ sources: [String]) {
    self.sources = sources
  }

  /// The indices of the patterns that match somewhere in the text, ascending.
  func matches(in text: String) -> [Int] {
    let patterns = compiled.withLock { compiled in
      if let compiled { return compiled }
      let made = sources.map { try? Pattern($0, memoryCap: Self.memoryCap) }
      compiled = made
      return made
    }
    return patterns.indices.filter { patterns[$0]?.matches(in: text) ?? false }
  }
}
