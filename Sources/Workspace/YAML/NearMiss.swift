import Text

/// Finds the word that was probably meant.
enum NearMiss {
  /// The nearest of `candidates`, if it is near enough to be a slip: one edit in a short word, a third of a long one.
  static func of(_ word: String, among candidates: some Sequence<String>) -> String? {
    let lowered = Array(word.lowercased().unicodeScalars)
    var nearest: (distance: Int, candidate: String)?
    for candidate in candidates {
      let limit = max(1, min(lowered.count, candidate.unicodeScalars.count) / 3)
      let other = Array(candidate.lowercased().unicodeScalars)
      guard let distance = EditDistance.distance(lowered, other, limit: limit), distance < other.count else { continue }
      if let best = nearest, (best.distance, best.candidate) <= (distance, candidate) { continue }
      nearest = (distance, candidate)
    }
    return nearest?.candidate
  }

  /// ` Did you mean 'slots'?`, or nothing.
  static func hint(_ word: String, among candidates: some Sequence<String>) -> String {
    of(word, among: candidates).map { " Did you mean '\($0)'?" } ?? ""
  }
}
