import CICU
import Synchronization

/// Finds the words in a run of letters that is written without spaces: Thai, Lao, Khmer, Burmese, Chinese, Japanese. ICU's
/// dictionaries know them.
final class WordSegmenter: Sendable {
  /// The dictionaries are large and shared; loading them once is enough.
  static let shared = WordSegmenter()

  /// No sentence is longer; what is, is cut here, so that a hostile text costs no more memory than others.
  private static let longestRun = 4_096

  /// Nil where ICU has no dictionaries.
  private let handle = Handle()

  /// The byte offsets at which words end, rising, the last of them the run's own end; nil when ICU cannot tell.
  func ends(of run: UnsafeBufferPointer<UInt8>) -> [Int]? {
    guard let handle, !run.isEmpty, run.count <= Self.longestRun else { return nil }
    return handle.ends(of: run)
  }
}

extension WordSegmenter {
  /// Owns ICU's iterator, and lends it to one caller at a time.
  ///
  /// Unchecked, because of the pointer: it never changes, and what it points at is only touched under the lock.
  private final class Handle: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let lock = Mutex(())

    init?() {
      guard let made = greenroom_icu_words_new() else { return nil }
      pointer = made
    }

    deinit {
      greenroom_icu_words_free(pointer)
    }

    func ends(of run: UnsafeBufferPointer<UInt8>) -> [Int]? {
      var ends = [Int32](repeating: 0, count: run.count)
      let count = run.withMemoryRebound(to: CChar.self) { text in
        ends.withUnsafeMutableBufferPointer { output in
          lock.withLock { _ in
            greenroom_icu_words_ends(pointer, text.baseAddress, run.count, output.baseAddress, Int32(output.count))
          }
        }
      }
      guard count > 0, Int(ends[Int(count) - 1]) == run.count else { return nil }
      return ends[..<Int(count)].map(Int.init)
    }
  }
}
