/// One request. Redirects are not followed: an answer of 3xx is an answer.
package struct HTTPRequest: Sendable, Hashable {
  package enum Method: String, Sendable, Hashable {
    case get = "GET"
    case head = "HEAD"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
    case options = "OPTIONS"
  }

  package var method: Method
  /// Absolute, `http` or `https`. Its path and query are sent as they stand.
  package var url: String
  package var headers: HTTPHeaders
  package var body: [UInt8]?
  /// For the whole of it, from the connection to the last byte of the answer.
  package var timeout: Duration
  /// For the connection, with name look-up and TLS.
  package var connectTimeout: Duration
  /// A transfer that moves less than 16 bytes a second for this long is given up. Longer than a long poll's wait.
  package var stallTimeout: Duration
  /// In bytes, after decompression. A longer answer is cut off, and an error.
  package var maximumResponseBody: Int
  /// Whether it must not reach the server twice. It gets a connection of its own then: on one that is used again and turns
  /// out to have been closed, libcurl sends a request once more by itself, whatever its method, and cannot know that the
  /// server has not acted on it.
  package var isSentOnce: Bool

  /// 16 MiB.
  package static let usualResponseBody = 16 << 20

  package init(
    _ method: Method = .get, url: String, headers: HTTPHeaders = [:], body: [UInt8]? = nil,
    timeout: Duration = .seconds(30), connectTimeout: Duration = .seconds(10), stallTimeout: Duration = .seconds(30),
    maximumResponseBody: Int = usualResponseBody, isSentOnce: Bool = false
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.connectTimeout = connectTimeout
    self.stallTimeout = stallTimeout
    self.maximumResponseBody = maximumResponseBody
    self.isSentOnce = isSentOnce
  }
}
