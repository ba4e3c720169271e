import CCurl

/// The server that a request goes to, read by libcurl's own parser so that both mean the same.
struct RequestTarget: Sendable, Hashable {
  /// Scheme, host and port: fit to show, holds no credentials.
  let server: String
  /// Loopback is never asked through a proxy.
  let isLoopback: Bool

  /// - Throws: `HTTPError` with `.badURL`.
  init(_ url: String) throws(HTTPError) {
    let bad = HTTPError(.badURL, "the address is not an absolute http or https URL", isRetriable: false)
    guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), let parts = curl_url() else { throw bad }
    defer { curl_url_cleanup(parts) }
    guard curl_url_set(parts, CURLUPART_URL, url, UInt32(CURLU_NON_SUPPORT_SCHEME)) == CURLUE_OK,
      let scheme = Self.part(CURLUPART_SCHEME, of: parts), ["http", "https"].contains(scheme),
      let host = Self.part(CURLUPART_HOST, of: parts)
    else { throw bad }
    let port = Self.part(CURLUPART_PORT, of: parts).map { ":\($0)" } ?? ""
    server = "\(scheme)://\(host)\(port)"
    isLoopback = Self.isLoopback(host.lowercased())
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host.hasSuffix(".localhost") || host == "[::1]" { return true }
    let numbers = host.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return numbers.count == 4 && host.hasPrefix("127.")
      && numbers.allSatisfy { (1...3).contains($0.count) && $0.allSatisfy { (0x30...0x39).contains($0) } }
  }

  private static func part(_ part: CURLUPart, of parts: OpaquePointer) -> String? {
    var text: UnsafeMutablePointer<CChar>?
    guard curl_url_get(parts, part, &text, 0) == CURLUE_OK, let text else { return nil }
    defer { curl_free(text) }
    return String(cString: text)
  }
}
