/// The arrays of a `PrefixTrie`, made from its strings.
package struct PrefixTrieArrays: Sendable {
  package private(set) var firstChild: [UInt32] = []
  package private(set) var labels: [UInt8] = [0]
  package private(set) var values: [Int32] = [-1]

  /// - Parameter strings: each with its number, 0 or more. Where a string comes twice the first one counts; empty ones
  ///   are passed over.
  package init(_ strings: [(bytes: [UInt8], value: Int32)]) {
    var sorted = strings.enumerated().filter { !$0.element.bytes.isEmpty }
    sorted.sort { first, second in
      if first.element.bytes == second.element.bytes { return first.offset < second.offset }
      return first.element.bytes.lexicographicallyPrecedes(second.element.bytes)
    }
    let entries = sorted.map(\.element)
    // Level by level: each node is a range of sorted strings that share its first `depth` bytes.
    var level: [Range<Int>] = [entries.indices]
    var depth = 0
    var isRoot = true
    while !level.isEmpty {
      var next: [Range<Int>] = []
      for range in level {
        firstChild.append(UInt32(labels.count))
        // Strings that end at this node come first in its range.
        var at = range.lowerBound
        if !isRoot {
          while at < range.upperBound, entries[at].bytes.count == depth { at += 1 }
        }
        while at < range.upperBound {
          let byte = entries[at].bytes[depth]
          var end = at
          while end < range.upperBound, entries[end].bytes[depth] == byte { end += 1 }
          labels.append(byte)
          values.append(entries[at].bytes.count == depth + 1 ? entries[at].value : -1)
          next.append(at..<end)
          at = end
        }
      }
      level = next
      depth += 1
      isRoot = false
    }
    firstChild.append(UInt32(labels.count))
  }
}

extension PrefixTrie {
  /// A trie with memory of its own.
  package init?(_ arrays: PrefixTrieArrays) {
    let storage = TrieStorage(arrays)
    self.init(
      firstChild: UnsafeBufferPointer(storage.firstChild), labels: UnsafeBufferPointer(storage.labels),
      values: UnsafeBufferPointer(storage.values), owner: storage)
  }
}

/// `@unchecked Sendable`: written once, in `init`.
private final class TrieStorage: @unchecked Sendable {
  let firstChild: UnsafeMutableBufferPointer<UInt32>
  let labels: UnsafeMutableBufferPointer<UInt8>
  let values: UnsafeMutableBufferPointer<Int32>

  init(_ arrays: PrefixTrieArrays) {
    firstChild = .allocate(capacity: arrays.firstChild.count)
    labels = .allocate(capacity: arrays.labels.count)
    values = .allocate(capacity: arrays.values.count)
    _ = firstChild.update(fromContentsOf: arrays.firstChild)
    _ = labels.update(fromContentsOf: arrays.labels)
    _ = values.update(fromContentsOf: arrays.values)
  }

  deinit {
    firstChild.deallocate()
    labels.deallocate()
    values.deallocate()
  }
}
