import CCurl

extension HTTPError {
  static let shutDown = HTTPError(
    .shutDown, "the HTTP client has been shut down and takes no more requests", isRetriable: false)

  static func tooLarge(_ limit: Int, server: String) -> HTTPError {
    HTTPError(
      .tooLarge, "the answer of \(server) is longer than \(limit) bytes and was cut off; ask for less at a time",
      isRetriable: false)
  }

  /// - Parameter server: scheme, host and port.
  init(_ result: CURLcode, server: String, request: HTTPRequest) {
    switch result {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      self.init(.cannotResolve, "the host name of \(server) cannot be found; check the address", isRetriable: true)
    case CURLE_COULDNT_CONNECT:
      self.init(.cannotConnect, "nothing accepts connections at \(server); check that it runs", isRetriable: true)
    case CURLE_OPERATION_TIMEDOUT:
      self.init(.timedOut, "\(server) took too long to answer", isRetriable: true)
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_HTTP2, CURLE_HTTP2_STREAM:
      self.init(.reset, "\(server) closed the connection without a whole answer", isRetriable: true)
    case CURLE_PARTIAL_FILE:
      self.init(.incomplete, "the answer of \(server) ended before it was whole", isRetriable: true)
    case CURLE_FILESIZE_EXCEEDED:
      self = .tooLarge(request.maximumResponseBody, server: server)
    case CURLE_URL_MALFORMAT:
      self.init(.badURL, "the address of \(server) is not one that can be asked", isRetriable: false)
    case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
      self.init(.notHTTP, "what \(server) answers is not HTTP; check the address and port", isRetriable: true)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_CACERT_BADFILE, CURLE_USE_SSL_FAILED:
      self.init(
        .tls, "no secure connection to \(server): \(Self.reason(result)); check its certificate", isRetriable: true)
    default:
      self.init(.failed, "the request to \(server) failed: \(Self.reason(result))", isRetriable: true)
    }
  }

  /// libcurl's own words for the code; they name no part of the request.
  private static func reason(_ result: CURLcode) -> String {
    curl_easy_strerror(result).map { String(cString: $0) } ?? "code \(result.rawValue)"
  }
}
