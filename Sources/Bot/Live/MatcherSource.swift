package import Matching
package import Support

/// Where matchers come from. Given by whoever knows which encoders there are: a service that runs the bot need not.
package struct MatcherSource: Sendable {
  /// Makes a matcher of a workspace and of what people found about earlier decisions; takes seconds where there is much
  /// to encode. Blocks.
  package var make: @Sendable (WorkspaceContent, [Correction]) -> Matcher
  /// Whether a matcher of this workspace made now would have more to go by than one made before: a model was installed
  /// meanwhile, a service answers again. Blocks.
  package var hasMore: @Sendable (WorkspaceContent) -> Bool

  package init(
    make: @escaping @Sendable (WorkspaceContent, [Correction]) -> Matcher,
    hasMore: @escaping @Sendable (WorkspaceContent) -> Bool = { _ in false }
  ) {
    self.make = make
    self.hasMore = hasMore
  }

  /// Words and characters alone.
  package static let wordsAndCharacters = MatcherSource(make: { Matcher($0, corrections: $1) })
}
