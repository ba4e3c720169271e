/// Byte strings with a number each, laid out so that all that start a text are found in one walk.
///
/// Nodes are numbered level by level, so that a node's children follow each other in the order of their bytes; node 0 is
/// the root. Three plain arrays, which a model file holds as they are: no time is spent on loading.
///
/// `@unchecked Sendable`: the arrays are never written to, and `owner` keeps them.
package struct PrefixTrie: @unchecked Sendable {
  /// For each node the first of its children; those of node n end where node n + 1's begin. One more than there are nodes.
  private let firstChild: UnsafePointer<UInt32>
  /// The byte that leads to each node.
  private let labels: UnsafePointer<UInt8>
  /// The number of the string that ends at each node; -1 where none does.
  private let values: UnsafePointer<Int32>
  private let nodeCount: Int
  private let owner: any AnyObject & Sendable

  /// - Parameter owner: keeps the three arrays alive.
  /// - Returns: nil where the arrays would lead outside themselves, or in circles.
  package init?(
    firstChild: UnsafeBufferPointer<UInt32>, labels: UnsafeBufferPointer<UInt8>, values: UnsafeBufferPointer<Int32>,
    owner: any AnyObject & Sendable
  ) {
    guard let first = firstChild.baseAddress, let label = labels.baseAddress, let value = values.baseAddress,
      !labels.isEmpty, labels.count == values.count, firstChild.count == labels.count + 1, first[0] == 1,
      Int(first[labels.count]) == labels.count
    else { return nil }
    self.firstChild = first
    self.labels = label
    self.values = value
    self.nodeCount = labels.count
    self.owner = owner
  }

  /// Where a walk stands.
  package struct Node: Sendable {
    var number: UInt32
  }

  package var root: Node { Node(number: 0) }

  /// The node that the byte leads to.
  @inline(__always)
  package func child(of node: Node, _ byte: UInt8) -> Node? {
    // Arrays that were checked when they were written may be damaged since: never leave them.
    var low = Int(firstChild[Int(node.number)])
    var high = min(Int(firstChild[Int(node.number) + 1]), nodeCount)
    while low < high {
      let middle = (low + high) / 2
      let label = labels[middle]
      if label == byte { return Node(number: UInt32(truncatingIfNeeded: middle)) }
      if label < byte { low = middle + 1 } else { high = middle }
    }
    return nil
  }

  /// The number of the string that ends here; nil where none does.
  @inline(__always)
  package func value(at node: Node) -> Int32? {
    let value = values[Int(node.number)]
    return value >= 0 ? value : nil
  }

  /// All strings with their numbers, those with the same beginning together.
  package func strings() -> [(bytes: [UInt8], value: Int32)] {
    var strings: [(bytes: [UInt8], value: Int32)] = []
    var waiting: [(node: UInt32, bytes: [UInt8])] = [(0, [])]
    while let (node, bytes) = waiting.popLast() {
      if let value = value(at: Node(number: node)) { strings.append((bytes, value)) }
      // Arrays that were damaged may lead back: children always come after their parent.
      let first = max(Int(firstChild[Int(node)]), Int(node) + 1)
      let end = min(Int(firstChild[Int(node) + 1]), nodeCount)
      guard first < end, strings.count + waiting.count <= nodeCount else { continue }
      for child in (first..<end).reversed() { waiting.append((UInt32(child), bytes + [labels[child]])) }
    }
    return strings
  }

  /// The number of a whole string.
  package func value(of bytes: some Sequence<UInt8>) -> Int32? {
    var node = root
    for byte in bytes {
      guard let next = child(of: node, byte) else { return nil }
      node = next
    }
    return value(at: node)
  }
}
