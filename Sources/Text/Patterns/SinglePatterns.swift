import Synchronization

/// The patterns of a set, compiled one by one when first needed: slower than the set, and never out of memory together.
final class SinglePatterns: Sendable {
  private let sources: [String]
  private let compiled = Mutex<[Pattern]?>(nil)

  init(_ sources: [String]) {
    self.sources = sources
  }

  /// - Throws: `PatternError` for the first that is too large by itself.
  @discardableResult
  func compile() throws(PatternError) -> [Pattern] {
    if let ready = compiled.withLock({ $0 }) { return ready }
    var patterns: [Pattern] = []
    for (index, source) in sources.enumerated() {
      do {
        patterns.append(try Pattern(source))
      } catch {
        throw PatternError(index: index, message: error.message)
      }
    }
    compiled.withLock { $0 = patterns }
    return patterns
  }

  func matches(in text: String) -> [Int] {
    guard let patterns = try? compile() else { return [] }
    return patterns.indices.filter { patterns[$0].matches(in: text) }
  }
}
