import Foundation
import JSON

/// Somebody with a browser at the chat page: keeps its cookies and the page's token.
struct Visitor: Sendable {
  let client: WebClient
  var cookies: [String: String] = [:]
  var antiForgery = ""
  var conversation = ""

  /// Opens the page.
  init(_ client: WebClient) async throws {
    self.client = client
    let page = try await client.get("/chat")
    keep(page)
    antiForgery = try Self.attribute("data-anti-forgery", of: page.body)
    conversation = try Self.attribute("data-conversation", of: page.body)
  }

  /// Opens the page and says who they are.
  static func introduced(_ client: WebClient, name: String = "Ana", network: String = "Stellar") async throws -> Visitor
  {
    var visitor = try await Visitor(client)
    let fields: JSONValue = ["name": .string(name), "network": .string(network), "region": "EU", "language": "en"]
    visitor.keep(try await visitor.post("/chat/session", fields))
    return visitor
  }

  mutating func keep(_ answer: WebClient.Answer) {
    for name in ["greenroom_chat", "greenroom_member"] {
      if let value = answer.cookie(name) { cookies[name] = value }
    }
  }

  var cookieHeader: (String, String) {
    ("Cookie", cookies.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
  }

  var origin: (String, String) { ("Origin", "http://127.0.0.1:\(client.port)") }

  var headers: [(String, String)] { [cookieHeader, origin, ("X-CSRF-Token", antiForgery)] }

  func post(_ path: String, _ body: JSONValue) async throws -> WebClient.Answer {
    try await client.post(path, headers, body: body.serialized())
  }

  func say(_ text: String, as clientID: String = UUID().uuidString) async throws -> WebClient.Answer {
    try await post("/chat/messages", ["client_id": .string(clientID), "text": .string(text)])
  }

  static func attribute(_ name: String, of page: String) throws -> String {
    guard let start = page.range(of: "\(name)=\""), let end = page[start.upperBound...].firstIndex(of: "\"") else {
      throw WebClient.Unexpected(description: "the page has no \(name)")
    }
    return String(page[start.upperBound..<end])
  }
}
