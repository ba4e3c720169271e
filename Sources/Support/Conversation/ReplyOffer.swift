/// What can be pressed under a reply instead of writing words, where the server has such a thing. The text of the reply is
/// complete without it.
package struct ReplyOffer: Sendable, Hashable, Codable {
  /// Titles that may be chosen from, in the order in which the text numbers them.
  package var choices: [String]
  /// Whether to ask if the reply was helpful.
  package var asksWhetherHelped: Bool

  package init(choices: [String] = [], asksWhetherHelped: Bool = false) {
    self.choices = choices
    self.asksWhetherHelped = asksWhetherHelped
  }
}
