import NIOCore
import NIOPosix

/// Answers one request, in good ways and in bad ones. May be used from any thread, also long after the request.
package struct Responder: Sendable {
  let channel: any NIOCore.Channel

  package enum Answer: Sendable {
    /// A whole answer; the connection stays open.
    case respond(status: Int, headers: [(String, String)] = [], body: [UInt8] = [])
    /// Nothing, ever; the connection stays open.
    case hang
    /// The connection is reset (TCP RST) without an answer.
    case reset
    /// The connection is closed without an answer.
    case close
    /// These bytes instead of HTTP, then the connection is closed.
    case raw([UInt8])
    /// A head that announces `announced` bytes, then fewer, then the connection is closed.
    case endEarly(announced: Int, sent: [UInt8])
    /// A chunked body that is closed before its end.
    case endChunkedEarly(sent: [UInt8])
    /// A body of so many spaces, announced or chunked.
    case large(bytes: Int, isAnnounced: Bool)
    /// A head, then one byte of the body each time.
    case drip(body: [UInt8], every: Duration)

    package static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> Answer {
      .respond(status: status, headers: headers + [("Content-Type", "application/json")], body: Array(text.utf8))
    }
  }

  package func answer(_ answer: Answer) {
    switch answer {
    case .respond(let status, let headers, let body):
      write(Self.head(status, headers + [("Content-Length", "\(body.count)")]) + body)
    case .hang: break
    case .reset: reset()
    case .close: channel.close(promise: nil)
    case .raw(let bytes): writeAndClose(bytes)
    case .endEarly(let announced, let sent):
      writeAndClose(Self.head(200, [("Content-Length", "\(announced)")]) + sent)
    case .endChunkedEarly(let sent):
      let chunk = Array("\(String(sent.count, radix: 16))\r\n".utf8) + sent + Array("\r\n".utf8)
      writeAndClose(Self.head(200, [("Transfer-Encoding", "chunked")]) + chunk)
    case .large(let bytes, let isAnnounced):
      if isAnnounced {
        write(Self.head(200, [("Content-Length", "\(bytes)")]))
      } else {
        write(Self.head(200, [("Connection", "close")]))
      }
      writeSpaces(bytes, thenClose: !isAnnounced)
    case .drip(let body, let every):
      write(Self.head(200, [("Content-Length", "\(body.count)")]))
      drip(body[...], every: TimeAmount(every))
    }
  }

  private static func head(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status) Status"] + headers.map { "\($0): \($1)" } + ["", ""]
    return Array(lines.joined(separator: "\r\n").utf8)
  }

  private func write(_ bytes: [UInt8]) {
    channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
  }

  private func writeAndClose(_ bytes: [UInt8]) {
    let channel = channel
    channel.writeAndFlush(ByteBuffer(bytes: bytes)).whenComplete { _ in channel.close(promise: nil) }
  }

  private func writeSpaces(_ count: Int, thenClose: Bool) {
    let channel = channel
    let size = min(count, 1 << 20)
    guard size > 0 else {
      if thenClose { channel.close(promise: nil) }
      return
    }
    let piece = ByteBuffer(repeating: UInt8(ascii: " "), count: size)
    // The next piece only when this one has gone: 50 MB need not stand in memory.
    channel.writeAndFlush(piece).whenSuccess { writeSpaces(count - size, thenClose: thenClose) }
  }

  private func drip(_ rest: ArraySlice<UInt8>, every: TimeAmount) {
    guard let byte = rest.first else { return }
    let channel = channel
    channel.eventLoop.scheduleTask(in: every) {
      channel.writeAndFlush(ByteBuffer(bytes: [byte])).whenSuccess { drip(rest.dropFirst(), every: every) }
    }
  }

  private func reset() {
    let channel = channel
    guard let options = channel as? any SocketOptionProvider else { return }
    // Lingering for no time at all makes a close a reset.
    options.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in channel.close(promise: nil) }
  }
}
