import Hummingbird
import JSON
import Logging
import NIOCore
import ServiceLifecycle
import Support

/// One page's view of its conversation, as server-sent events: what there is, then what comes, until the page leaves or
/// the server shuts down.
struct ChatStream: Sendable {
  let conversation: String
  /// The last line that the page has.
  let after: Int
  let store: any ChatRoomStore
  let room: ChatRoom
  let limits: ConsoleConfiguration.Limits
  let workspaceName: @Sendable () -> String

  private static let batch = 200

  func body(request: Request, context: ConsoleContext) -> ResponseBody {
    ResponseBody { writer in
      try await room.listening(to: .conversation(conversation)) { bell in
        try await request.body.consumeWithInboundCloseHandler { _ in
          try await withGracefulShutdownHandler {
            let heartbeat = TimeAmount(limits.heartbeat)
            let ticks = context.channel.eventLoop.scheduleRepeatedTask(initialDelay: heartbeat, delay: heartbeat) { _ in
              bell.ring()
            }
            defer { ticks.cancel() }
            try await write(to: &writer, whenever: bell, logger: context.logger)
          } onGracefulShutdown: {
            bell.silence()
            // A page that has stopped reading would hold up the shutdown for as long as it likes.
            context.channel.eventLoop.scheduleTask(in: .seconds(2)) { context.channel.close(mode: .all, promise: nil) }
          }
        } onInboundClosed: {
          bell.silence()
        }
      }
      try await writer.finish(nil)
    }
  }

  private func write(
    to writer: inout any ResponseBodyWriter, whenever bell: ChatRoom.Bell, logger: Logger
  ) async throws {
    var rings = bell.rings.makeAsyncIterator()
    var last = after
    try await writer.write(ByteBuffer(string: "retry: 1500\n\n"))
    do {
      try await writeNew(to: &writer, after: &last)
      // From here on what comes is news, not history.
      try await writer.write(ByteBuffer(string: "event: ready\ndata: {}\n\n"))
      while await rings.next() != nil {
        let before = last
        try await writeNew(to: &writer, after: &last)
        if last == before { try await writer.write(ByteBuffer(string: ":\n\n")) }
      }
    } catch let error as LedgerError {
      // The page comes back by itself and asks for what it has not had.
      logger.warning("An event stream ended early", metadata: ["error": "\(error)"])
    }
  }

  private func writeNew(to writer: inout any ResponseBodyWriter, after last: inout Int) async throws {
    while true {
      let lines = try await store.lines(of: conversation, after: last, limit: Self.batch)
      guard let newest = lines.last else { return }
      var events = ""
      for line in lines {
        events += "id: \(line.id)\ndata: \(line.pageJSON(workspace: workspaceName()).serialized())\n\n"
      }
      try await writer.write(ByteBuffer(string: events))
      last = newest.id
      if lines.count < Self.batch { return }
    }
  }
}
