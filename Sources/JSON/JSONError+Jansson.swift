import CJansson

extension JSONError {
  static let tooDeep = JSONError(
    code: .tooDeep, line: 0, column: 0, offset: 0, message: "arrays and objects stand in each other too deeply")

  static let duplicateKey = JSONError(
    code: .duplicateKey, line: 0, column: 0, offset: 0, message: "an object names the same member twice")

  /// jansson's own sentences quote the text near the error, which may be a person's message: they are not passed on.
  init(_ failure: json_error_t, in bytes: UnsafeBufferPointer<UInt8>) {
    var failure = failure
    (code, message) =
      switch json_error_code(&failure) {
      case json_error_premature_end_of_input: (.endsEarly, "the text ends before the document does")
      case json_error_end_of_input_expected: (.trailingText, "something follows after the end of the document")
      case json_error_invalid_utf8: (.invalidUTF8, "the text is not valid UTF-8")
      case json_error_null_character, json_error_null_byte_in_key:
        (.nulCharacter, "a NUL character stands where none may be")
      case json_error_duplicate_key: (.duplicateKey, "an object names the same member twice")
      case json_error_numeric_overflow: (.numberTooLarge, "a number is too large")
      case json_error_stack_overflow: (.tooDeep, "arrays and objects stand in each other too deeply")
      case json_error_out_of_memory: (.outOfMemory, "there is not enough memory for the document")
      default: (.syntax, "this is not JSON")
      }
    line = max(Int(failure.line), 0)
    column = max(Int(failure.column), 0)
    offset = max(Int(failure.position), 0)
    if code == .syntax || code == .endsEarly, bytes.allSatisfy({ [0x20, 0x09, 0x0A, 0x0D].contains($0) }) {
      (code, message) = (.empty, "there is no document: the text is only white space")
    }
  }
}
