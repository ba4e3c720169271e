extension String {
  /// Lends the UTF-8 bytes, with no NUL at the end, the way C libraries want them.
  func withCharacters<Result>(_ body: (UnsafePointer<CChar>?, Int) -> Result) -> Result {
    var contiguous = self
    return contiguous.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { body($0.baseAddress, $0.count) }
    }
  }
}
