/// A request that got no whole answer. An answer of any status is no error here.
package struct HTTPError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    /// Not an absolute http or https address.
    case badURL
    /// A header that cannot be sent.
    case badHeader
    case cannotResolve
    case cannotConnect
    /// The certificate is not good for this server, or no common TLS version.
    case tls
    case timedOut
    /// The connection broke.
    case reset
    /// The answer's body ended before it was whole.
    case incomplete
    /// The answer is longer than the request allows.
    case tooLarge
    /// What came back is not HTTP.
    case notHTTP
    /// The client has been shut down.
    case shutDown
    case failed
  }

  package var code: Code
  /// What failed, on which server, and what to do: no path, query or header, any of which can hold a secret.
  package var description: String
  /// Whether the same request can succeed later.
  package var isRetriable: Bool

  package init(_ code: Code, _ description: String, isRetriable: Bool) {
    self.code = code
    self.description = description
    self.isRetriable = isRetriable
  }
}
