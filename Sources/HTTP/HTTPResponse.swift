/// A whole answer, of whatever status.
package struct HTTPResponse: Sendable, Hashable {
  /// 200…999; answers of 1xx are passed over.
  package var status: Int
  package var headers: HTTPHeaders
  /// Decompressed.
  package var body: [UInt8]

  package init(status: Int, headers: HTTPHeaders = [:], body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }
}
