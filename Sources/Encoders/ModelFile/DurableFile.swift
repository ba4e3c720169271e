import Foundation

/// Writes a file so that nobody ever finds half of it.
enum DurableFile {
  /// What stands after the name of a file that is being written.
  static let temporarySuffix = ".writing"

  /// - Throws: `POSIXError`; the temporary file is gone then, and `file` is as it was.
  static func write(_ parts: [[UInt8]], to file: URL) throws(POSIXError) {
    let path = file.path(percentEncoded: false)
    let temporary = path + temporarySuffix
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o644)
    guard descriptor >= 0 else { throw Self.lastError }
    var isDone = false
    defer { if !isDone { unlink(temporary) } }
    do {
      defer { close(descriptor) }
      for part in parts { try write(part, to: descriptor) }
      guard fsync(descriptor) == 0 else { throw Self.lastError }
    } catch {
      throw error as? POSIXError ?? POSIXError(.EIO)
    }
    guard rename(temporary, path) == 0 else { throw Self.lastError }
    isDone = true
    // The new name, too, must outlive a loss of power; where folders cannot be synced there is nothing more to do.
    let folder = open(file.deletingLastPathComponent().path(percentEncoded: false), O_RDONLY | O_CLOEXEC)
    if folder >= 0 {
      fsync(folder)
      close(folder)
    }
  }

  private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(POSIXError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        buffer.baseAddress.map { Foundation.write(descriptor, $0 + done, min(buffer.count - done, 1 << 24)) } ?? 0
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw Self.lastError }
      done += count
    }
  }

  private static var lastError: POSIXError { POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
}
