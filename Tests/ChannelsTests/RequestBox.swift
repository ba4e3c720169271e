import Synchronization
import TestSupport

/// Lets a server in memory be started before the object that handles its requests is whole.
final class RequestBox: Sendable {
  private let handler = Mutex<LoopbackServer.Handler?>(nil)

  func set(_ new: @escaping LoopbackServer.Handler) { handler.withLock { $0 = new } }

  func handle(_ request: RecordedRequest, _ responder: Responder) {
    guard let handler = handler.withLock({ $0 }) else { return responder.answer(.close) }
    handler(request, responder)
  }
}
