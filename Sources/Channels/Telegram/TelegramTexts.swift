import Synchronization

/// What messages said when they were last read, to tell edits of the words from others.
final class TelegramTexts: Sendable {
  private struct Reading {
    var hash: Int
    var update: Int
  }

  private let readings = Mutex(RecentValues<String, Reading>(capacity: 5_000))

  /// - Parameter update: the number of the update that brings the text. One that is read a second time, because nobody knows
  ///   what became of the first, is as new as it was then.
  /// - Returns: whether an earlier update said the same.
  func saidBefore(_ text: String, by id: String, in update: Int) -> Bool {
    let hash = text.hashValue
    return readings.withLock { readings in
      if let known = readings.value(for: id), known.hash == hash, known.update < update { return true }
      readings.set(Reading(hash: hash, update: update), for: id)
      return false
    }
  }
}
