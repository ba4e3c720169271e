/// Takes a text apart into words.
package struct Tokenizer {
  /// The words of a text, in its order. Best given normalized text: nothing is changed but what is said here.
  ///
  /// Runs of letters, marks and digits; an apostrophe between letters is dropped ("don't" gives "dont"). One word each:
  /// handles and tags with their sign ("@ana.b", "#live"), numbers with their separators ("1,000.50"), web and e-mail
  /// addresses. Scripts that write no spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese) give the words
  /// that ICU's dictionaries find. Korean, which hangs its particles on the word, gives pairs of neighbouring characters,
  /// or the one character when it stands alone.
  /// Everything else (punctuation, symbols, emoji) only separates. Takes time linear in the text.
  package static func words(in normalized: String) -> [String] {
    var text = normalized
    return text.withUTF8 { bytes in
      var scanner = WordScanner(bytes)
      scanner.scan()
      return scanner.words
    }
  }
}
