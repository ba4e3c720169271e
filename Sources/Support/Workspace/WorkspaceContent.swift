/// A whole workspace as its author wrote it, read and checked.
package struct WorkspaceContent: Sendable, Hashable, Codable {
  package var settings: Settings
  package var intents: [Intent]
  /// Examples of what must never be answered.
  package var outOfScope: [AuthoredLine]
  package var entities: [EntityList]
  package var articles: [Article]
  /// The bot's own sentences, a language each: those that come with the program under those of the workspace.
  package var phrases: [Phrases]
  /// Hash of every file read: the same content has the same version on every machine.
  package var version: String

  /// Of content that was not read from files.
  package static let unversioned = "unversioned"

  package init(
    settings: Settings = Settings(), intents: [Intent] = [], outOfScope: [AuthoredLine] = [],
    entities: [EntityList] = [], articles: [Article] = [], phrases: [Phrases] = [],
    version: String = WorkspaceContent.unversioned
  ) {
    self.settings = settings
    self.intents = intents
    self.outOfScope = outOfScope
    self.entities = entities
    self.articles = articles
    self.phrases = phrases
    self.version = version
  }
}
