import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A real HTTP/1.1 server on a free port of 127.0.0.1 that hands out whatever bytes a test wants, also wrong ones.
package final class LoopbackServer: Sendable {
  /// What the server does with one request. It may be called on several threads at once, and may answer later.
  package typealias Handler = @Sendable (RecordedRequest, Responder) -> Void

  package let port: Int
  /// `http://127.0.0.1:<port>`
  package var baseURL: String { "http://127.0.0.1:\(port)" }

  private let listener: any NIOCore.Channel
  private let connections: Connections

  /// - Parameter port: 0 for a free one.
  package init(port: Int = 0, handler: @escaping Handler) async throws {
    let connections = Connections()
    let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.backlog, value: 1024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .serverChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Doorkeeper(connections: connections))
        }
      }
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandlers([
            ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes)),
            RequestAssembler(handler: handler),
          ])
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    self.listener = listener
    self.connections = connections
    self.port = listener.localAddress?.port ?? 0
  }

  /// How many connections have been opened so far.
  package var connectionCount: Int { connections.count }

  /// Comes back when all connections that others have opened so far are closed: of those that were closed at the other
  /// end all requests have been heard by then.
  package func allClosed() async throws {
    // Connections are accepted one after the other: with this one, all that were begun before it.
    let last = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port).get()
    while !connections.haveSeen(last.localAddress?.port) { await Task.yield() }
    try await last.close().get()
    while connections.openCount > 0 { await Task.yield() }
  }

  /// Stops listening and closes all connections.
  package func stop() async {
    try? await listener.close().get()
    await connections.closeAll()
  }
}

/// The connections of a server, so that stopping it can close them.
private final class Connections: Sendable {
  private let open = Mutex<(all: [ObjectIdentifier: any NIOCore.Channel], count: Int, ports: Set<Int>)>(([:], 0, []))

  var count: Int { open.withLock { $0.count } }
  var openCount: Int { open.withLock { $0.all.count } }

  /// Whether there has been one from this port.
  func haveSeen(_ port: Int?) -> Bool { port.map { port in open.withLock { $0.ports.contains(port) } } ?? true }

  func add(_ channel: any NIOCore.Channel) {
    let id = ObjectIdentifier(channel)
    open.withLock {
      $0.all[id] = channel
      $0.count += 1
      if let port = channel.remoteAddress?.port { $0.ports.insert(port) }
    }
    channel.closeFuture.whenComplete { [weak self] _ in
      self?.open.withLock { $0.all[id] = nil }
    }
  }

  func closeAll() async {
    for channel in open.withLock({ Array($0.all.values) }) { try? await channel.close().get() }
  }
}

/// Notes each connection in the order in which they are accepted.
private final class Doorkeeper: ChannelInboundHandler {
  typealias InboundIn = any NIOCore.Channel

  private let connections: Connections

  init(connections: Connections) { self.connections = connections }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    connections.add(unwrapInboundIn(data))
    context.fireChannelRead(data)
  }
}

/// Puts the pieces of a request together and hands it on whole.
private final class RequestAssembler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart

  private let handler: LoopbackServer.Handler
  private var head: HTTPRequestHead?
  private var body: [UInt8] = []

  init(handler: @escaping LoopbackServer.Handler) { self.handler = handler }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head):
      self.head = head
      body.removeAll()
    case .body(let buffer):
      body.append(contentsOf: buffer.readableBytesView)
    case .end:
      guard let head else { return }
      handler(RecordedRequest(head: head, body: body), Responder(channel: context.channel))
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
