import Encoders
import Foundation
import Support

/// An encoder that a workspace names, or why it cannot be used.
struct OpenedEncoder: Sendable {
  /// nil: it cannot be used.
  var encoder: (any SentenceEncoder)?
  var health: MatchingHealth.Encoder

  init(_ encoder: (any SentenceEncoder)? = nil, health: MatchingHealth.Encoder) {
    self.encoder = encoder
    self.health = health
  }

  init(_ encoder: any SentenceEncoder) {
    self.init(encoder, health: .init(name: encoder.name, state: .loaded, detail: encoder.version))
  }

  /// A model from the data folder.
  init(_ model: EncoderModel, in dataFolder: URL) {
    let shelf = EncoderShelf.load(dataFolder: dataFolder, models: [model])
    switch shelf.places.first?.status {
    case .loaded(let version)?:
      self.init(shelf.encoders.first, health: .init(name: model.name, state: .loaded, detail: version))
    case .unusable(let sentence)?:
      self.init(health: .init(name: model.name, state: .unusable, detail: sentence))
    case .missing?, nil:
      self.init(
        health: .init(
          name: model.name, state: .missing,
          detail: "not installed; run 'greenroom model install \(model.rawValue)'"))
    }
  }
}
