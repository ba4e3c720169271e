import HTTPTypes
import Hummingbird
import JSON
import NIOCore

/// Why a request is refused, as RFC 9457 has it. `code` is for programs, `detail` for people.
struct Problem: HTTPResponseError {
  var status: HTTPResponse.Status
  var code: String
  var detail: String
  /// Seconds.
  var retryAfter: Int?

  init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, retryAfter: Int? = nil) {
    self.status = status
    self.code = code
    self.detail = detail
    self.retryAfter = retryAfter
  }

  func response(from request: Request, context: some RequestContext) -> Response {
    let body: JSONValue = [
      "type": "about:blank", "title": .string(status.reasonPhrase), "status": .integer(status.code),
      "code": .string(code), "detail": .string(detail),
    ]
    var response = Response.json(body, status: status, type: "application/problem+json")
    if let retryAfter { response.headers[.retryAfter] = "\(retryAfter)" }
    if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }
}

extension Response {
  static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok, type: String = "application/json") -> Response
  {
    let bytes = value.serializedBytes()
    return Response(
      status: status, headers: [.contentType: type, .contentLength: "\(bytes.count)"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }

  static func html(_ text: String, status: HTTPResponse.Status = .ok) -> Response {
    let buffer = ByteBuffer(string: text)
    return Response(
      status: status,
      headers: [.contentType: "text/html; charset=utf-8", .contentLength: "\(buffer.readableBytes)"],
      body: ResponseBody(byteBuffer: buffer))
  }
}
