import CCurl

/// One libcurl easy handle; it is used again for transfer after transfer.
///
/// Not `Sendable`: it never leaves the loop's thread.
final class EasyHandle {
  let pointer: UnsafeMutableRawPointer

  init?() {
    guard let pointer = curl_easy_init() else { return nil }
    self.pointer = pointer
  }

  deinit { curl_easy_cleanup(pointer) }

  /// Forgets all options; connections, which belong to the loop, stay.
  func reset() { curl_easy_reset(pointer) }
}
