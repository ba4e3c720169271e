import Foundation
import Testing

/// The chat page's event stream, open until it is closed; what came so far, as it came over the wire.
final class EventStream: Sendable {
  let text = Watched("")
  private let handle: FileHandle

  init(port: Int, cookies: String) throws {
    let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(socket >= 0)
    handle = FileHandle(fileDescriptor: socket, closeOnDealloc: true)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(result == 0)
    let head = [
      "GET /chat/events HTTP/1.1", "Host: 127.0.0.1:\(port)", "Accept: text/event-stream", "Cookie: \(cookies)", "", "",
    ]
    try handle.write(contentsOf: Data(head.joined(separator: "\r\n").utf8))
    let text = text
    let reader = handle
    DispatchQueue(label: "events").async {
      while case let data = reader.availableData, !data.isEmpty {
        text.update { $0 += String(decoding: data, as: UTF8.self) }
      }
    }
  }

  /// Ends the connection; its reader then comes to its end.
  func close() { _ = shutdown(handle.fileDescriptor, Int32(SHUT_RDWR)) }
}
