import Foundation
import HTTP
import JSON
import Testing

/// A browser at the chat page: keeps its cookies and the page's own token.
struct PageVisitor: Sendable {
  let port: Int
  let http: HTTPClient
  var antiForgery = ""
  var origin: String
  private var jar: [String: String] = [:]

  init(port: Int, http: HTTPClient) {
    self.port = port
    self.http = http
    origin = "http://127.0.0.1:\(port)"
  }

  var cookies: String { jar.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "; ") }

  mutating func open() async throws {
    let page = try await http.send(HTTPRequest(url: "http://127.0.0.1:\(port)/chat"))
    #expect(page.status == 200)
    keep(page)
    let html = String(decoding: page.body, as: UTF8.self)
    antiForgery = try #require(html.firstMatch(of: /data-anti-forgery="([0-9a-f]+)"/).map { String($0.1) })
  }

  mutating func introduce(as name: String, network: String) async throws {
    let response = try await post("/chat/session", ["name": .string(name), "network": .string(network)])
    #expect(response.status == 200)
    keep(response)
  }

  /// - Returns: the status of the answer.
  func say(_ text: String, as clientID: String) async throws -> Int {
    try await post("/chat/messages", ["client_id": .string(clientID), "text": .string(text)]).status
  }

  private func post(_ path: String, _ body: JSONValue) async throws -> HTTPResponse {
    try await http.send(
      HTTPRequest(
        .post, url: "http://127.0.0.1:\(port)\(path)",
        headers: [
          "Cookie": cookies, "Origin": origin, "X-CSRF-Token": antiForgery, "Content-Type": "application/json",
        ], body: Array(body.serialized().utf8)))
  }

  private mutating func keep(_ response: HTTPResponse) {
    for field in response.headers.fields where field.name.lowercased() == "set-cookie" {
      let pair = field.value.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { jar[String(pair[0])] = String(pair[1]) }
    }
  }
}
