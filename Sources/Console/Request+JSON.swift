import HTTPTypes
import Hummingbird
import JSON
import NIOCore

extension Request {
  /// The body as a JSON object.
  /// - Parameter limit: bytes.
  /// - Throws: `Problem`: 415 for another type, 413 above the limit, 400 for what is not a JSON object.
  func jsonObject(upTo limit: Int) async throws -> JSONObject {
    let type = headers[.contentType]?.split(separator: ";").first?.trimmingSpaces().lowercased()
    guard type == "application/json" else {
      throw Problem(.unsupportedMediaType, "not-json", "Send the body as application/json.")
    }
    let tooLarge = Problem(.contentTooLarge, "body-too-large", "The request is larger than \(limit / 1024) KiB.")
    if let announced = headers[.contentLength].flatMap(Int.init), announced > limit { throw tooLarge }
    let buffer: ByteBuffer
    do {
      buffer = try await body.collect(upTo: limit)
    } catch is NIOTooManyBytesError {
      throw tooLarge
    }
    do {
      guard let object = try JSONValue.parse(Array(buffer.readableBytesView), maximumDepth: 16).object else {
        throw Problem(.badRequest, "not-an-object", "The body must be a JSON object.")
      }
      return object
    } catch let error as JSONError {
      throw Problem(.badRequest, "bad-json", "The body is not JSON that is taken here: \(error).")
    }
  }

  /// The value of a query parameter, decoded; nil where it is missing or empty.
  func query(_ name: String) -> String? {
    uri.queryParameters.get(name).flatMap { $0.isEmpty ? nil : $0 }
  }
}

extension JSONObject {
  /// A member that is text, or missing.
  /// - Throws: `Problem` 422 where it is something else.
  func text(_ name: String) throws -> String? {
    switch self[name] {
    case nil, .null: return nil
    case .string(let text): return text
    case .some(let other):
      throw Problem(.unprocessableContent, "wrong-type", "'\(name)' must be a text, and is \(other.kind).")
    }
  }

  /// A member that is text and says something.
  func requiredText(_ name: String) throws -> String {
    guard let text = try text(name), !text.trimmingSpaces().isEmpty else {
      throw Problem(.unprocessableContent, "missing", "'\(name)' is missing or empty.")
    }
    return text
  }
}

extension StringProtocol {
  func trimmingSpaces() -> String {
    var rest = self[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }
}
