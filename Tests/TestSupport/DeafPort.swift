import Foundation

/// A port of 127.0.0.1 that is taken and where nobody listens: who connects is refused.
///
/// The port of a server that has been stopped is no such place: another may have it by now, or a process just being
/// started may hold it for a moment longer.
package final class DeafPort: Sendable {
  package let port: Int
  private let socket: Int32

  package var baseURL: String { "http://127.0.0.1:\(port)" }

  package init() throws {
    #if canImport(Glibc)
      let stream = Int32(SOCK_STREAM.rawValue)
    #else
      let stream = SOCK_STREAM
    #endif
    socket = Foundation.socket(AF_INET, stream, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = socket
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        bind(descriptor, pointer, size) == 0 && getsockname(descriptor, pointer, &size) == 0
      }
    }
    port = Int(UInt16(bigEndian: address.sin_port))
    guard isBound else { throw POSIXError(.init(rawValue: errno) ?? .EADDRNOTAVAIL) }
  }

  deinit { close(socket) }
}
