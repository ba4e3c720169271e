import Dispatch
import Synchronization

/// Sends requests over libcurl. Connections are kept and used again.
///
/// All transfers run on one thread of the client's own, so that no caller's thread ever blocks. Only http and https are
/// spoken, redirects are not followed, TLS is verified (1.2 at least). Proxies are taken from the environment as
/// libcurl does (`https_proxy`, `no_proxy`, …), never for loopback.
package final class HTTPClient: Sendable {
  private let loop: TransferLoop

  package init() throws(HTTPError) {
    loop = try TransferLoop()
    loop.start()
  }

  deinit { loop.stop(whenStopped: nil) }

  /// Sends the request and gives the whole answer, whatever its status.
  ///
  /// When the task is cancelled the transfer is given up at once; whether the server has acted on it is not known then.
  /// - Throws: `HTTPError`, or `CancellationError`.
  package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
    try Task.checkCancellation()
    let target = try RequestTarget(request.url)
    try request.checkHeaders()
    let id = loop.nextID()
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        loop.begin(Transfer(id: id, request: request, target: target) { continuation.resume(with: $0) })
        // A cancellation before the line above has found no transfer.
        if Task.isCancelled { loop.cancel(id) }
      }
    } onCancel: {
      loop.cancel(id)
    }
  }

  /// As `send(_:)`, for callers that cannot suspend: the calling thread waits, while the client's own thread works. It waits
  /// no longer than the request's timeout and a second. Never to be called from a task, whose thread others need.
  /// - Throws: `HTTPError`.
  package func sendAndWait(_ request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
    let target = try RequestTarget(request.url)
    try request.checkHeaders()
    let id = loop.nextID()
    let box = AnswerBox()
    loop.begin(Transfer(id: id, request: request, target: target) { box.put($0) })
    if box.isThere.wait(timeout: .now() + .milliseconds(request.timeout.milliseconds) + .seconds(1)) == .timedOut {
      loop.cancel(id)
      throw HTTPError(.timedOut, "\(target.server) did not answer in time", isRetriable: true)
    }
    switch box.take() {
    case .success(let response): return response
    case .failure(let error as HTTPError): throw error
    default: throw HTTPError(.failed, "the request to \(target.server) was given up", isRetriable: true)
    }
  }

  /// Gives up what is under way (`HTTPError.Code.shutDown`), closes the connections and ends the thread. Repeating it is
  /// harmless.
  package func shutdown() async {
    await withCheckedContinuation { continuation in
      loop.stop { continuation.resume() }
    }
  }
}

extension HTTPRequest {
  /// A line break in a header would begin another one: header values are data, and data is hostile.
  fileprivate func checkHeaders() throws(HTTPError) {
    for field in headers.fields {
      let isToken =
        !field.name.isEmpty
        && field.name.utf8.allSatisfy {
          switch $0 {
          case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
          default: "!#$%&'*+-.^_`|~".utf8.contains($0)
          }
        }
      guard isToken else {
        throw HTTPError(.badHeader, "a header of the request has a name that cannot be sent", isRetriable: false)
      }
      guard field.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
        throw HTTPError(
          .badHeader, "the header '\(field.name)' holds a line break or another control character", isRetriable: false)
      }
    }
  }
}

/// Where one answer is left by one thread for another.
private final class AnswerBox: Sendable {
  let isThere = DispatchSemaphore(value: 0)
  private let answer = Mutex<Result<HTTPResponse, any Error>?>(nil)

  func put(_ result: Result<HTTPResponse, any Error>) {
    answer.withLock { $0 = result }
    isThere.signal()
  }

  func take() -> Result<HTTPResponse, any Error>? { answer.withLock { $0 } }
}
