/// A line of text that an author wrote, and where.
package struct AuthoredLine: Sendable, Hashable, Codable {
  package var text: String
  package var location: SourceLocation

  package init(_ text: String, at location: SourceLocation) {
    self.text = text
    self.location = location
  }
}

/// An example of how people ask, its `[text](entity)` marks taken out of the text.
package struct Example: Sendable, Hashable, Codable {
  package struct Mark: Sendable, Hashable, Codable {
    package var text: String
    package var entity: String
    package init(text: String, entity: String) {
      self.text = text
      self.entity = entity
    }
  }

  package var text: String
  package var marks: [Mark]
  package var location: SourceLocation

  package init(_ text: String, marks: [Mark] = [], at location: SourceLocation) {
    self.text = text
    self.marks = marks
    self.location = location
  }
}

/// An intent rule of `intents/`.
package struct Intent: Sendable, Hashable, Codable {
  /// What happens when it matches.
  package enum Action: Sendable, Hashable, Codable {
    /// Markdown.
    case answer(String)
    /// The id of an article, whose body is the answer.
    case article(String)
    case escalate(Escalation)
  }

  package struct Escalation: Sendable, Hashable, Codable {
    package var queue: String
    package var priority: TicketPriority
    package var tags: [String]
    package init(queue: String, priority: TicketPriority = .normal, tags: [String] = []) {
      self.queue = queue
      self.priority = priority
      self.tags = tags
    }
  }

  /// Certain when every `all` is there, some `any` (if there are any), and no `none`.
  package struct Keywords: Sendable, Hashable, Codable {
    package var any: [String]
    package var all: [String]
    package var none: [String]
    package init(any: [String] = [], all: [String] = [], none: [String] = []) {
      self.any = any
      self.all = all
      self.none = none
    }
    package var isEmpty: Bool { any.isEmpty && all.isEmpty && none.isEmpty }
  }

  package var id: String
  package var title: String
  /// BCP 47.
  package var language: String
  package var priority: Int
  package var examples: [Example]
  /// RE2 syntax, matched without regard to case.
  package var patterns: [AuthoredLine]
  package var keywords: Keywords?
  package var action: Action
  package var slots: [Slot]
  package var location: SourceLocation

  package init(
    id: String, title: String, language: String, priority: Int = 0, examples: [Example] = [],
    patterns: [AuthoredLine] = [], keywords: Keywords? = nil, action: Action, slots: [Slot] = [],
    location: SourceLocation
  ) {
    self.id = id
    self.title = title
    self.language = language
    self.priority = priority
    self.examples = examples
    self.patterns = patterns
    self.keywords = keywords
    self.action = action
    self.slots = slots
    self.location = location
  }
}

/// Something an intent needs to know before its ticket opens or its answer goes out.
package struct Slot: Sendable, Hashable, Codable {
  package var name: String
  package var entity: EntityKind
  /// How the bot asks for it.
  package var ask: String
  package var required: Bool

  package init(name: String, entity: EntityKind, ask: String, required: Bool) {
    self.name = name
    self.entity = entity
    self.ask = ask
    self.required = required
  }
}

/// What a slot's value looks like.
package enum EntityKind: Sendable, Hashable, Codable {
  case handle, date, amount, country, email, url, number, text
  /// One of the author's own lists, by name.
  case list(String)

  package static let builtIn: [String: EntityKind] = [
    "handle": .handle, "date": .date, "amount": .amount, "country": .country, "email": .email, "url": .url,
    "number": .number, "text": .text,
  ]
}

/// An author's own list of values and the words for each.
package struct EntityList: Sendable, Hashable, Codable {
  package var name: String
  /// Value to its synonyms.
  package var values: [String: [String]]

  package init(name: String, values: [String: [String]]) {
    self.name = name
    self.values = values
  }
}
