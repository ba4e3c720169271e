import Foundation
import JSON
import NIOCore
import NIOHTTP1
import NIOPosix

/// An HTTP client that says exactly what a test tells it to: no cookies, retries or headers of its own but Host.
struct WebClient: Sendable {
  let port: Int

  struct Answer: Sendable {
    var status: Int
    var headers: HTTPHeaders
    var body: String

    var json: JSONValue? { try? JSONValue.parse(body) }
    var code: String? { json?["code"]?.string }

    /// The value of a cookie that the answer sets.
    func cookie(_ name: String) -> String? {
      headers["Set-Cookie"].first { $0.hasPrefix("\(name)=") }
        .flatMap { $0.split(separator: ";").first?.dropFirst(name.count + 1) }.map(String.init)
    }
  }

  struct Unexpected: Error, CustomStringConvertible {
    var description: String
  }

  func get(_ path: String, _ headers: [(String, String)] = []) async throws -> Answer {
    try await send(.GET, path, headers)
  }

  func post(_ path: String, _ headers: [(String, String)] = [], body: String) async throws -> Answer {
    try await send(.POST, path, [("Content-Type", "application/json")] + headers, body: body)
  }

  /// A request and its whole answer, on a connection of its own.
  func send(
    _ method: HTTPMethod, _ path: String, _ headers: [(String, String)] = [], body: String? = nil
  ) async throws -> Answer {
    try await open(method, path, [("Connection", "close")] + headers, body: body) { answer in
      var text = ""
      while let part = try await answer.next() { text += part }
      return Answer(status: answer.status, headers: answer.headers, body: text)
    }
  }

  /// An answer whose body comes in pieces.
  final class Incoming {
    let status: Int
    let headers: HTTPHeaders
    private var parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator

    fileprivate init(
      head: HTTPResponseHead, parts: NIOAsyncChannelInboundStream<HTTPClientResponsePart>.AsyncIterator
    ) {
      status = Int(head.status.code)
      headers = head.headers
      self.parts = parts
    }

    /// The next piece; nil at the end.
    func next() async throws -> String? {
      guard case .body(let buffer)? = try await parts.next() else { return nil }
      return String(buffer: buffer)
    }

    /// Reads on until `text` has come.
    /// - Returns: all that came.
    func read(until text: String) async throws -> String {
      var all = ""
      while !all.contains(text) {
        guard let part = try await next() else { throw Unexpected(description: "ended before '\(text)': \(all)") }
        all += part
      }
      return all
    }
  }

  /// Leaves when `body` returns.
  func open<Outcome: Sendable>(
    _ method: HTTPMethod = .GET, _ path: String, _ headers: [(String, String)] = [], body: String? = nil,
    _ use: (Incoming) async throws -> Outcome
  ) async throws -> Outcome {
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port) { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHTTPClientHandlers()
          return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
            wrappingChannelSynchronously: channel)
        }
      }
    return try await channel.executeThenClose { inbound, outbound in
      var head = HTTPRequestHead(version: .http1_1, method: method, uri: path)
      head.headers.add(name: "Host", value: "127.0.0.1:\(port)")
      for (name, value) in headers { head.headers.add(name: name, value: value) }
      if let body, head.headers["Content-Length"].isEmpty {
        head.headers.add(name: "Content-Length", value: "\(body.utf8.count)")
      }
      try await outbound.write(.head(head))
      if let body { try await outbound.write(.body(.byteBuffer(ByteBuffer(string: body)))) }
      try await outbound.write(.end(nil))
      var parts = inbound.makeAsyncIterator()
      guard case .head(let answer)? = try await parts.next() else {
        throw Unexpected(description: "no answer to \(method) \(path)")
      }
      return try await use(Incoming(head: answer, parts: parts))
    }
  }
}
