import Support
import Yams

/// Reads one YAML document into nodes with places.
struct YAMLDocument {
  enum Outcome {
    case node(YAMLNode)
    /// Nothing but blanks and comments.
    case empty
    /// Reported.
    case broken
  }

  /// Values may be nested so deep; real files stay below ten.
  static let deepestNesting = 64
  /// Repeated keys reported in one file before the rest of it is given up.
  private static let mostDuplicates = 20

  let file: String
  /// Lines of the file before the first line of the text: 1 for the front matter of an article.
  let linesBefore: Int
  let problems: ProblemLog

  func read(_ text: String) -> Outcome {
    var text = text
    // A character that the text does not hold: it marks keys that were repeated and are left out.
    guard
      let strike = (0xE000...0xF8FF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init)
        .first(where: { !text.unicodeScalars.contains($0) })
    else {
      problems.error(at: location(1, 1), "This file is full of private-use characters and cannot be read.")
      return .broken
    }
    for _ in 0..<Self.mostDuplicates {
      do {
        if mayRepeatItself(text), let tree = try compose(withoutAliases(text)), hasComplexKey(tree, YAMLLines(text)) {
          return .broken
        }
        guard let tree = try compose(text) else { return .empty }
        var builder = YAMLTreeBuilder(
          document: self, strike: strike, budget: text.utf8.count + 10_000)
        guard let node = builder.build(tree, depth: 0) else { return .broken }
        return node.isNull ? .empty : .node(node)
      } catch YamlError.duplicatedKeysInMapping(let keys, let context) {
        guard let repaired = strikingDuplicate(keys, mark: context.mark, strike: strike, in: text) else {
          return .broken
        }
        text = repaired
      } catch {
        report(error, in: text)
        return .broken
      }
    }
    return .broken
  }

  func location(_ line: Int, _ column: Int) -> SourceLocation {
    SourceLocation(file: file, line: max(1, line) + linesBefore, column: max(1, column))
  }

  /// Without resolver rules: every scalar stays the text that the author wrote, and no regular expression runs.
  private func compose(_ text: String) throws -> Node? {
    try Yams.compose(yaml: text, .basic, .default, .utf8)
  }

  /// Whether anchors and aliases could make the tree larger than the text.
  private func mayRepeatItself(_ text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "&")) && text.utf8.contains(UInt8(ascii: "*"))
  }

  /// The same structure with a plain word in the place of every alias. Yams hashes keys, and a key that is an alias of
  /// aliases takes longer than anyone's life to hash: keys are looked at in this harmless tree before the real one.
  private func withoutAliases(_ text: String) -> String {
    String(decoding: text.utf8.map { $0 == UInt8(ascii: "*") ? UInt8(ascii: "_") : $0 }, as: UTF8.self)
  }

  /// - Parameter lines: of the true text, in which an alias still begins with `*`.
  private func hasComplexKey(_ node: Node, _ lines: YAMLLines) -> Bool {
    switch node {
    case .scalar, .alias: return false
    case .sequence(let items): return items.contains { hasComplexKey($0, lines) }
    case .mapping(let pairs):
      for (key, value) in pairs {
        let line = key.mark?.line ?? 1
        let column = key.mark?.column ?? 1
        guard case .scalar = key, lines[line]?.dropFirst(column - 1).first != "*" else {
          problems.error(at: location(line, column), "A key must be plain text, not a list, a map or an alias.")
          return true
        }
        if hasComplexKey(value, lines) { return true }
      }
      return false
    }
  }
}
