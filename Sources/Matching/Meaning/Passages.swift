import Text

/// Cuts an article's body into passages that each say one thing.
enum Passages {
  /// In words; what an encoder trained on sentences still takes in.
  private static let length = 45
  /// Longer articles are read up to here.
  private static let most = 24

  /// - Parameter body: plain text.
  static func of(_ body: String) -> [String] {
    var passages: [String] = []
    for paragraph in body.split(whereSeparator: \.isNewline) {
      var passage = ""
      var words = 0
      for sentence in Sentences.split(String(paragraph)) {
        let count = wordCount(of: sentence)
        if words > 0, words + count > length {
          passages.append(passage)
          (passage, words) = ("", 0)
        }
        passage += (words > 0 ? " " : "") + sentence
        words += count
      }
      if words > 1 { passages.append(passage) }
      if passages.count >= most { break }
    }
    return Array(passages.prefix(most))
  }

  private static func wordCount(of sentence: Substring) -> Int {
    let words = sentence.split(separator: " ")
    guard words.contains(where: { Tokenizer.hasUnspacedScript(String($0)) }) else { return words.count }
    return Tokenizer.words(in: TextNormalizer.normalize(String(sentence))).count
  }
}
