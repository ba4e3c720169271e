extension String {
  /// What stands before, between and after the occurrences of an ASCII marker. Goes by bytes: a combining mark after a
  /// ">" must not hide it, as it would if characters were compared.
  func pieces(between marker: StaticString) -> [String] {
    var text = self
    return text.withUTF8 { bytes in
      let reader = ScalarReader(bytes)
      let first = marker.withUTF8Buffer { $0.first ?? 0 }
      var pieces: [String] = []
      var start = 0
      var position = 0
      while position < reader.end {
        if bytes[position] == first, reader.hasExactly(marker, at: position) {
          pieces.append(reader.text(start, position))
          position += marker.utf8CodeUnitCount
          start = position
        } else {
          position += 1
        }
      }
      return pieces + [reader.text(start, reader.end)]
    }
  }
}
