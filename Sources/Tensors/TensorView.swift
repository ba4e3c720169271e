/// Numbers in somebody's memory, read only; the owner lives as long as the view.
///
/// `@unchecked Sendable`: the memory is never written to once a view of it has been made, and `owner` keeps it.
package struct TensorView<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  package let pointer: UnsafePointer<Element>
  package let count: Int
  package let owner: any AnyObject & Sendable

  /// - Parameter owner: frees the memory when the last view of it is gone.
  package init(_ pointer: UnsafePointer<Element>, count: Int, owner: any AnyObject & Sendable) {
    self.pointer = pointer
    self.count = count
    self.owner = owner
  }

  /// A copy of the numbers in memory of their own.
  package init(_ elements: [Element]) {
    let storage = Storage(elements)
    self.init(storage.pointer, count: elements.count, owner: storage)
  }

  package subscript(index: Int) -> Element { pointer[index] }

  package var elements: [Element] { Array(UnsafeBufferPointer(start: pointer, count: count)) }

  /// `@unchecked Sendable`: written once, in `init`.
  private final class Storage: @unchecked Sendable {
    let pointer: UnsafePointer<Element>

    init(_ elements: [Element]) {
      let memory = UnsafeMutableBufferPointer<Element>.allocate(capacity: max(elements.count, 1))
      _ = memory.update(fromContentsOf: elements)
      pointer = UnsafePointer(memory.baseAddress ?? UnsafeMutablePointer.allocate(capacity: 1))
    }

    deinit { pointer.deallocate() }
  }
}
