/// A channel that is being set up: what its entry in `greenroom.yml` will say, in that order.
package struct ChannelDraft: Sendable, Hashable {
  package enum Value: Sendable, Hashable {
    case text(String)
    case words([String])
    case rooms([Room])
    case secret(SecretSource)
    /// Below a key of its own, as in `auth: {bearer: …}`.
    case secretBelow(String, SecretSource)
  }

  package struct Room: Sendable, Hashable {
    package var id: String
    package var answering: RoomSettings.Answering?

    package init(id: String, answering: RoomSettings.Answering? = nil) {
      self.id = id
      self.answering = answering
    }
  }

  package struct Field: Sendable, Hashable {
    package var key: String
    package var value: Value
  }

  package var name: String
  /// As behind `type:`.
  package var type: String
  package private(set) var fields: [Field] = []

  package init(name: String, type: String) {
    self.name = name
    self.type = type
  }

  /// Setting nil takes a field out; a new one comes last.
  package subscript(key: String) -> Value? {
    get { fields.first { $0.key == key }?.value }
    set {
      let place = fields.firstIndex { $0.key == key }
      switch (place, newValue) {
      case (let place?, let value?): fields[place].value = value
      case (let place?, nil): fields.remove(at: place)
      case (nil, let value?): fields.append(Field(key: key, value: value))
      case (nil, nil): break
      }
    }
  }

  /// With every secret fetched from elsewhere.
  package func fetchingSecrets(from source: SecretSource) -> ChannelDraft {
    var draft = self
    for field in fields {
      switch field.value {
      case .secret: draft[field.key] = .secret(source)
      case .secretBelow(let below, _): draft[field.key] = .secretBelow(below, source)
      case .text, .words, .rooms: break
      }
    }
    return draft
  }
}

/// What is wrong with a draft, in the words in which it would be said of `greenroom.yml`.
package struct ChannelDraftProblem: Sendable, Hashable {
  /// The key that it is about; nil where it is about the whole, most often something that is missing.
  package var key: String?
  package var message: String

  package init(key: String?, message: String) {
    self.key = key
    self.message = message
  }
}
