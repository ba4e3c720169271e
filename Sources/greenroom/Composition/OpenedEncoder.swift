import Encoders
import Foundation
import Support

/// An encoder that a workspace names, or why it cannot be used.
struct OpenedEncoder: Sendable {
  /// nil: it cannot be used.
  let encoder: (any SentenceEncoder)?
  private let opened: MatchingHealth.Encoder

  init(_ encoder: (any SentenceEncoder)? = nil, health: MatchingHealth.Encoder) {
    self.encoder = encoder
    opened = health
  }

  init(_ service: RestingEncoder) {
    self.init(service, health: .init(name: service.name, state: .loaded, detail: service.version))
  }

  /// How it is doing now: a service that was there may have gone away.
  var health: MatchingHealth.Encoder {
    guard let failure = (encoder as? RestingEncoder)?.failure else { return opened }
    return .init(name: opened.name, state: .unusable, detail: failure.description)
  }

  /// Without its encoder, where that has failed.
  var withoutFailure: OpenedEncoder { health.state == .loaded ? self : OpenedEncoder(health: health) }

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
