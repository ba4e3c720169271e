/// Bytes that are lent for the time of a call, and are the same in every call.
package protocol ByteRegion: AnyObject, Sendable {
  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result
}

/// Bytes in memory, at an address that suits every number.
package final class HeldBytes: ByteRegion {
  // Safe to share: written only in `init`.
  private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer

  package init(_ bytes: UnsafeRawBufferPointer) {
    buffer = .allocate(byteCount: bytes.count, alignment: 64)
    buffer.copyMemory(from: bytes)
  }

  package init(_ bytes: [UInt8]) {
    buffer = .allocate(byteCount: bytes.count, alignment: 64)
    bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
  }

  deinit { buffer.deallocate() }

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try body(UnsafeRawBufferPointer(buffer))
  }
}
