import JSON
import Synchronization
import TestSupport
import Testing

@testable import Channels

/// Slack and Lark, whose ids are words, and which want to be told the character set of JSON.
extension VendorContract {
  static let slack = Result { try VendorContract("slack") }
  static let lark = Result { try VendorContract("lark") }

  static let contentType = "application/json; charset=utf-8"

  /// Everything in a request that the vendor does not know or that is missing.
  func problems(withWords request: RecordedRequest, path: String) -> [String] {
    let name = "\(request.method) \(path)"
    let type = request.header("Content-Type")
    if !request.body.isEmpty, type != Self.contentType { return ["\(name): sent as \(type ?? "nothing")"] }
    let plain = RecordedRequest(
      method: request.method, target: request.target, headers: [.init(name: "Content-Type", value: "application/json")],
      body: request.body)
    var isID = false
    let parts = path.split(separator: "/").map { part -> Substring in
      defer { isID = ["messages", "chats", "users", "reactions"].contains(part) }
      return isID ? "1" : part
    }
    return problems(with: plain, path: "/" + parts.joined(separator: "/")).map { "\($0) (\(path))" }
  }

  /// What a server in memory makes up. Messages may lack anything: that is what some tests are about.
  func madeUp(in value: JSONValue?, _ type: String) -> [String] {
    guard let value, value.object != nil else { return [] }
    return problems(withAnswer: value, type).filter { $0.contains("made up") || $0.contains("in the fixture") }
  }
}

/// What does not fit a vendor's description, gathered while a test runs.
final class ContractCheck: Sendable {
  private let found = Mutex<[String]>([])

  func note(_ problems: [String]) {
    if !problems.isEmpty { found.withLock { $0 += problems } }
  }

  /// At the end of a test.
  func expectNone() {
    let problems = Set(found.withLock { $0 }).sorted()
    #expect(problems == [])
  }
}
