/// How messages are matched: `matching` of `greenroom.yml`.
package struct MatchingSettings: Sendable, Hashable, Codable {
  /// The share of sent answers, 0…1, that may be wrong. Thresholds follow from it.
  package var wrongAnswersAtMost: Double
  /// What turns texts into vectors, each once; none: words and characters alone decide.
  package var encoders: [EncoderSettings]

  package init(
    wrongAnswersAtMost: Double = 0.05,
    encoders: [EncoderSettings] = EncoderSettings.InProcess.allCases.map { .model($0) }
  ) {
    self.wrongAnswersAtMost = wrongAnswersAtMost
    self.encoders = encoders
  }
}

/// One sentence encoder that a workspace asks for.
package enum EncoderSettings: Sendable, Hashable, Codable {
  case model(InProcess)
  case service(EmbeddingsServiceSettings)

  /// A model that runs in the program itself, from a file that `greenroom model install` makes.
  package enum InProcess: String, Sendable, Hashable, Codable, CaseIterable {
    /// English.
    case minilm
    /// 16 languages.
    case use
  }

  /// As it is written in settings and shown where it cannot be used: `minilm`, `service bge-m3`.
  package var name: String {
    switch self {
    case .model(let model): model.rawValue
    case .service(let service): "service \(service.model)"
    }
  }
}

/// A server that answers `POST …/embeddings` as OpenAI's does.
package struct EmbeddingsServiceSettings: Sendable, Hashable, Codable {
  /// Up to and without `/embeddings`.
  package var url: String
  /// As the server calls it.
  package var model: String
  /// How many numbers its vectors must have; nil: as many as they have.
  package var dimension: Int?
  /// Primary BCP 47 subtags of the languages the model was made for; empty where that is not known.
  package var languages: [String]
  /// Sent as `Authorization: Bearer …`; nil where the server asks for none.
  package var key: SecretSource?

  package init(
    url: String, model: String, dimension: Int? = nil, languages: [String] = [], key: SecretSource? = nil
  ) {
    self.url = url
    self.model = model
    self.dimension = dimension
    self.languages = languages
    self.key = key
  }
}
