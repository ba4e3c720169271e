package import Foundation

/// Writing a file so that it is there as a whole or not at all, whenever the process or the machine stops.
package enum AtomicFile {
  /// Writes a temporary file beside `file`, brings it to the disk and renames it.
  /// - Throws: `RetrievalError` `notWritable`; nothing is left behind.
  package static func write(parts: [UnsafeRawBufferPointer], to file: URL) throws {
    let folder = file.deletingLastPathComponent()
    var template = Array("\(folder.path(percentEncoded: false))/.new-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw failure("created", file) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let temporary = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    do {
      defer { close(descriptor) }
      for part in parts { try write(part, to: descriptor, for: file) }
      guard fchmod(descriptor, 0o644) == 0, fsync(descriptor) == 0 else { throw failure("brought to the disk", file) }
    } catch {
      unlink(temporary)
      throw error
    }
    guard rename(temporary, file.path(percentEncoded: false)) == 0 else {
      let error = failure("put in place", file)
      unlink(temporary)
      throw error
    }
    // The name, too, has to outlast a power cut. What is lost with it is a cache.
    let directory = open(folder.path(percentEncoded: false), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    if directory >= 0 {
      fsync(directory)
      close(directory)
    }
  }

  package static func write(_ bytes: [UInt8], to file: URL) throws {
    try bytes.withUnsafeBytes { try write(parts: [$0], to: file) }
  }

  private static func write(_ part: UnsafeRawBufferPointer, to descriptor: Int32, for file: URL) throws {
    var rest = part[...]
    while !rest.isEmpty {
      let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { throw failure("written", file) }
      rest = rest.dropFirst(written)
    }
  }

  private static func failure(_ what: String, _ file: URL) -> RetrievalError {
    let reason = String(cString: strerror(errno))
    return RetrievalError(
      .notWritable,
      "\(file.lastPathComponent) cannot be \(what): \(reason). Free the disk, or let the program write to its folder.")
  }
}
