package import Support
import Synchronization

/// A cache in memory whose bytes a test can spoil.
package final class MemoryModelCache: ModelCache {
  private struct Entry: Hashable {
    var kind: String
    var key: String
  }

  private let entries = Mutex<[Entry: [UInt8]]>([:])

  package init() {}

  package let problem: ModelCacheProblem? = nil

  package var isEmpty: Bool { entries.withLock { $0.isEmpty } }

  /// All kinds that were stored, in order.
  package var kinds: [String] { entries.withLock { $0.keys.map(\.kind).sorted() } }

  package func load(kind: String, key: String) -> MappedBytes? {
    guard let bytes = entries.withLock({ $0[Entry(kind: kind, key: key)] }) else { return nil }
    let copy = Copy(bytes)
    return MappedBytes(UnsafeRawBufferPointer(copy.bytes), keptBy: copy)
  }

  package func store(_ bytes: [UInt8], kind: String, key: String) {
    entries.withLock { $0[Entry(kind: kind, key: key)] = bytes }
  }

  /// Changes what is stored of a kind, under every key.
  package func spoil(_ kind: String, _ change: (inout [UInt8]) -> Void) {
    entries.withLock { entries in
      for entry in entries.keys where entry.kind == kind {
        var bytes = entries[entry] ?? []
        change(&bytes)
        entries[entry] = bytes
      }
    }
  }

  /// Puts what is stored under other keys, as if it had been made from something else.
  package func rename(_ change: (String) -> String) {
    entries.withLock { entries in
      entries = Dictionary(
        entries.map { (Entry(kind: $0.key.kind, key: change($0.key.key)), $0.value) },
        uniquingKeysWith: { one, _ in one })
    }
  }

  private final class Copy: Sendable {
    // Safe to share: written only in `init`.
    nonisolated(unsafe) let bytes: UnsafeMutableRawBufferPointer

    init(_ bytes: [UInt8]) {
      self.bytes = .allocate(byteCount: bytes.count, alignment: 64)
      bytes.withUnsafeBytes { self.bytes.copyMemory(from: $0) }
    }

    deinit { bytes.deallocate() }
  }
}
