package import Foundation
package import Support

/// The encoders that can be used, and why others cannot.
package struct EncoderShelf: Sendable {
  package enum Status: Sendable, Hashable {
    /// With the encoder's version.
    case loaded(version: String)
    /// Never installed here.
    case missing
    /// Installed and not fit to be used; one sentence says why and what to do.
    case unusable(String)
  }

  package struct Place: Sendable, Hashable {
    package var model: EncoderModel
    package var status: Status

    package init(model: EncoderModel, status: Status) {
      self.model = model
      self.status = status
    }
  }

  /// In the order of the models.
  package let encoders: [any SentenceEncoder]
  /// What became of each model that was looked for: for `/health` and `greenroom check`.
  package let places: [Place]

  /// Opens the model files of a data folder. Never throws: without models the bot runs on words and characters.
  package static func load(dataFolder: URL, models: [EncoderModel] = EncoderModel.allCases) -> EncoderShelf {
    var encoders: [any SentenceEncoder] = []
    var places: [Place] = []
    for model in models {
      do throws(ModelFileError) {
        let encoder = try model.load(dataFolder: dataFolder)
        encoders.append(encoder)
        places.append(Place(model: model, status: .loaded(version: encoder.version)))
      } catch {
        places.append(
          Place(model: model, status: error.code == .missing ? .missing : .unusable(error.description)))
      }
    }
    return EncoderShelf(encoders: encoders, places: places)
  }

  /// One sentence for each model that cannot be used; none when all are there.
  package var problems: [String] {
    let missing = places.filter { $0.status == .missing }.map { $0.model.name }
    var sentences: [String] = []
    if !missing.isEmpty {
      sentences.append(
        "not installed: \(missing.joined(separator: ", ")); matching does without; run 'greenroom model install'")
    }
    for case .unusable(let sentence) in places.map(\.status) { sentences.append(sentence) }
    return sentences
  }
}

extension EncoderModel {
  /// - Throws: `ModelFileError`.
  package func load(dataFolder: URL) throws(ModelFileError) -> any SentenceEncoder {
    switch self {
    case .minilm: try MiniLM(dataFolder: dataFolder)
    case .use: try UniversalSentenceEncoder(dataFolder: dataFolder)
    }
  }
}
