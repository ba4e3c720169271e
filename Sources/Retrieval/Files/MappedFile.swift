package import Foundation

/// A file in memory, read by the system as it is needed. A file that is replaced (by renaming another over it) stays as it
/// was for whoever has it mapped; files are never changed in place.
package final class MappedFile: ByteRegion {
  // Safe to share: read only, and unmapped when nobody holds it any more.
  private nonisolated(unsafe) let buffer: UnsafeRawBufferPointer

  /// - Throws: `RetrievalError` `missing` or `unreadable`.
  package init(_ file: URL) throws {
    let descriptor = open(file.path(percentEncoded: false), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let number = errno
      throw RetrievalError(
        number == ENOENT ? .missing : .unreadable,
        "\(file.lastPathComponent) cannot be opened: \(String(cString: strerror(number))).")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw RetrievalError(.unreadable, "\(file.lastPathComponent) is not a file. Remove it.")
    }
    guard status.st_size > 0 else {
      buffer = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    let count = Int(status.st_size)
    guard let address = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), address != MAP_FAILED else {
      let reason = String(cString: strerror(errno))
      throw RetrievalError(.unreadable, "\(file.lastPathComponent) cannot be mapped into memory: \(reason).")
    }
    buffer = UnsafeRawBufferPointer(start: address, count: count)
  }

  deinit {
    if let address = buffer.baseAddress { munmap(UnsafeMutableRawPointer(mutating: address), buffer.count) }
  }

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(buffer)
  }
}
