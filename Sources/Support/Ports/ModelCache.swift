/// Keeps what was worked out from a workspace (indexes, vectors, models) until it is asked for again, under a key that
/// says what it was made from. Losing all of it costs time and nothing else, so nothing here throws.
package protocol ModelCache: Sendable {
  /// What was stored under the kind and key, whole and unchanged; nil where there is nothing, or nothing that can be used.
  /// - Parameters:
  ///   - kind: what it is, and in which format: small letters, digits, hyphens.
  ///   - key: all that it was made from, or a hash of that.
  func load(kind: String, key: String) -> MappedBytes?

  /// Keeps the bytes, in the place of what was there. Where they cannot be kept, `problem` says why.
  func store(_ bytes: [UInt8], kind: String, key: String)

  /// Why nothing can be kept at present; nil when all is well.
  var problem: ModelCacheProblem? { get }
}

/// Why there is no cache: the program runs on without, and starts more slowly.
package struct ModelCacheProblem: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence that is fit to show: what failed, on what, and what to do.
  package var description: String

  package init(_ description: String) { self.description = description }
}

/// Bytes that stay where they are for as long as anybody holds this object; often a file that the system reads as needed.
package final class MappedBytes: Sendable {
  // Safe to share: nobody writes to the bytes, and `owner` keeps them where they are.
  private nonisolated(unsafe) let bytes: UnsafeRawBufferPointer
  private let owner: any AnyObject & Sendable

  /// - Parameter bytes: lie still and unchanged for as long as `owner` lives.
  package init(_ bytes: UnsafeRawBufferPointer, keptBy owner: any AnyObject & Sendable) {
    self.bytes = bytes
    self.owner = owner
  }

  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try withExtendedLifetime(owner) { try body(bytes) }
  }
}
