import Support

/// What the files of `intents/` hold together, before it is checked as a whole.
struct IntentCatalogue {
  struct Entity {
    var list: EntityList
    var location: SourceLocation
  }

  /// Something that names something else, and where.
  struct Reference {
    var name: String
    var location: SourceLocation
  }

  /// Where an intent, readable or not, has its id.
  var ids: [String: SourceLocation] = [:]
  var intents: [Intent] = []
  var outOfScope: [AuthoredLine] = []
  var entities: [Entity] = []
  /// Articles that intents answer with.
  var articleReferences: [Reference] = []
  /// Entities of slots that are not built in.
  var entityReferences: [Reference] = []
  /// Entities of marks in examples, and the slots of the same intent.
  var marks: [(mark: Reference, slots: [String])] = []
  /// Queues that intents escalate to.
  var queueReferences: [Reference] = []
  /// A file could not be read: what it defines is not known, and not to be missed.
  var hasUnreadFiles = false
}

/// What the files of `knowledge/` hold together.
struct ArticleCatalogue {
  var articles: [Article] = []
  var ids: [String: SourceLocation] = [:]
  /// Ids of articles that are there and could not be read: nothing else is said about what points at them.
  var unread: Set<String> = []
  /// Where each article, by id, names the one it translates.
  var translationLocations: [String: SourceLocation] = [:]
  var reviewLocations: [String: SourceLocation] = [:]
}
