import CSnowball
import Synchronization

/// Takes the endings off words of one language, with the Snowball algorithms: "payouts" and "payout" become the same.
package final class Stemmer: Sendable {
  /// Longer words are no words, and are left as they are.
  private static let longestWord = 96

  /// Nil for a language that Snowball lacks. A Snowball stemmer keeps its result in itself, hence the lock.
  private let stemmer: Handle?

  /// - Parameter language: a BCP 47 tag, of which only the language counts ("pt-BR" is Portuguese). For one that
  ///   Snowball lacks, every word is its own stem.
  package init(language: String) {
    self.stemmer = Self.algorithm(for: language).flatMap(Handle.init)
  }

  /// Whether there is an algorithm for the language.
  package var isAvailable: Bool { stemmer != nil }

  /// The stem of a word in lower case and with its diacritics. What is not made of letters alone (handles, numbers,
  /// addresses) is given back as it is.
  package func stem(_ word: String) -> String {
    guard let stemmer, word.utf8.count <= Self.longestWord, word.utf8.allSatisfy(Self.mayBeInWord) else { return word }
    return stemmer.stem(word) ?? word
  }

  private static func mayBeInWord(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || byte == UInt8(ascii: "'")
  }

  /// Snowball knows its algorithms by the ISO 639 codes too. It also knows "porter", which is no language.
  private static func algorithm(for language: String) -> String? {
    let primary = language.prefix { $0 != "-" && $0 != "_" }.lowercased()
    guard (2...3).contains(primary.utf8.count) else { return nil }
    switch primary {
    case "nb", "nn", "nob", "nno": return "no"
    // The endings of Malay are those of Indonesian.
    case "ms", "msa", "zsm": return "id"
    default: return primary
    }
  }
}

extension Stemmer {
  /// Owns Snowball's stemmer, and lends it to one caller at a time.
  ///
  /// Unchecked, because of the pointer: it never changes, and what it points at is only touched under the lock.
  private final class Handle: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let lock = Mutex(())

    init?(algorithm: String) {
      guard let made = sb_stemmer_new(algorithm, "UTF_8") else { return nil }
      self.pointer = made
    }

    deinit {
      sb_stemmer_delete(pointer)
    }

    /// Nil when memory ran out.
    func stem(_ word: String) -> String? {
      var word = word
      return word.withUTF8 { bytes in
        lock.withLock { _ in
          guard let symbols = sb_stemmer_stem(pointer, bytes.baseAddress, CInt(bytes.count)) else { return nil }
          let length = Int(sb_stemmer_length(pointer))
          return String(decoding: UnsafeBufferPointer(start: symbols, count: length), as: UTF8.self)
        }
      }
    }
  }
}
