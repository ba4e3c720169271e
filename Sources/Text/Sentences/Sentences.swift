/// Takes a message apart into its sentences.
package struct Sentences {
  /// The sentences in their order, each with its closing mark and without white space around it. A text of nothing but
  /// white space has none; marks and emoji that stand alone stay with the sentence before them.
  ///
  /// A sentence ends at a line break, and at the full stops, question marks, exclamation marks and semicolons of the
  /// world's scripts; not inside web and e-mail addresses, numbers ("1.5") and abbreviations ("e.g."). Takes time linear
  /// in the text.
  package static func split(_ text: String) -> [Substring] {
    var contiguous = text
    let ranges = contiguous.withUTF8 { bytes in
      var scanner = SentenceScanner(bytes)
      return scanner.scan()
    }
    var sentences: [Substring] = []
    sentences.reserveCapacity(ranges.count)
    var index = contiguous.startIndex
    var offset = 0
    for range in ranges {
      let start = contiguous.utf8.index(index, offsetBy: range.lowerBound - offset)
      index = contiguous.utf8.index(start, offsetBy: range.count)
      offset = range.upperBound
      sentences.append(contiguous[start..<index])
    }
    return sentences
  }
}
