import CCurl
import Foundation
import Synchronization

/// The one thread that drives all transfers of a client (libcurl's multi interface, told which socket is ready: asked to
/// look for itself it would look at every transfer, for each byte of one).
///
/// `@unchecked Sendable`: what other threads touch is in `shared`, behind its lock, and the `waker`; all else is of the
/// loop's thread alone.
final class TransferLoop: @unchecked Sendable {
  private struct Shared {
    var begun: [Transfer] = []
    var cancelled: [Int] = []
    var isStopping = false
    var hasStopped = false
    var whenStopped: [@Sendable () -> Void] = []

    var isEmpty: Bool { begun.isEmpty && cancelled.isEmpty }
  }

  /// The signal of a connection that the other side has closed is ignored before libcurl first runs, and from then on.
  ///
  /// While libcurl closes its connections it ignores the signal by itself and then sets back what it found. Where another
  /// library that relies on the signal being ignored says so in between, that would be undone, and the next write to a
  /// connection just closed would end the process.
  private static let isLibraryReady: Bool = {
    signal(SIGPIPE, SIG_IGN)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
  }()
  /// Handles that wait to be used again; a handle has buffers of its own.
  private static let maximumIdleHandles = 8

  private let multi: UnsafeMutableRawPointer
  private let waker: SocketWatch.Waker
  private var sockets: SocketWatch
  /// When libcurl wants to be called, whatever the sockets do.
  private var alarm: ContinuousClock.Instant?
  private let shared = Mutex(Shared())
  private let lastID = Atomic<Int>(0)
  private var running: [UnsafeMutableRawPointer: (transfer: Transfer, handle: EasyHandle)] = [:]
  private var handles: [Int: EasyHandle] = [:]
  private var idle: [EasyHandle] = []

  init() throws(HTTPError) {
    guard Self.isLibraryReady, let multi = curl_multi_init() else { throw Self.notStarted }
    guard let sockets = SocketWatch() else {
      curl_multi_cleanup(multi)
      throw Self.notStarted
    }
    self.multi = multi
    waker = sockets.waker
    self.sockets = sockets
    // Idle connections to keep: as many as are often used at once.
    greenroom_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 256)
    let isListening = greenroom_curl_multi_set_callbacks(
      multi,
      { _, socket, what, context, _ in
        TransferLoop.at(context)?.sockets.set(socket, what)
        return 0
      },
      { _, milliseconds, context in
        TransferLoop.at(context)?.alarm = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
        return 0
      }, Unmanaged.passUnretained(self).toOpaque())
    guard isListening == CURLM_OK else {
      curl_multi_cleanup(multi)
      throw Self.notStarted
    }
  }

  private static let notStarted = HTTPError(
    .failed, "libcurl could not be started; is there enough memory?", isRetriable: false)

  /// The loop outlives `multi`, which calls back only while it is driven by the loop's thread.
  private static func at(_ context: UnsafeMutableRawPointer?) -> TransferLoop? {
    context.map { Unmanaged<TransferLoop>.fromOpaque($0).takeUnretainedValue() }
  }

  func start() {
    let thread = Thread { self.run() }
    thread.name = "http"
    thread.start()
  }

  func nextID() -> Int { lastID.add(1, ordering: .relaxed).newValue }

  func begin(_ transfer: Transfer) {
    let isTaken = shared.withLock { shared in
      guard !shared.isStopping else { return false }
      let wakes = shared.isEmpty
      shared.begun.append(transfer)
      if wakes { waker.wake() }
      return true
    }
    if !isTaken { transfer.fail(HTTPError.shutDown) }
  }

  func cancel(_ id: Int) {
    shared.withLock { shared in
      guard !shared.isStopping else { return }
      let wakes = shared.isEmpty
      shared.cancelled.append(id)
      if wakes { waker.wake() }
    }
  }

  /// - Parameter whenStopped: called once the thread has let go of everything, or at once if it has already.
  func stop(whenStopped: (@Sendable () -> Void)?) {
    let hasStopped = shared.withLock { shared in
      guard !shared.hasStopped else { return true }
      shared.isStopping = true
      if let whenStopped { shared.whenStopped.append(whenStopped) }
      waker.wake()
      return false
    }
    if hasStopped { whenStopped?() }
  }

  // MARK: On the loop's thread

  private func run() {
    while takeWork() {
      ring()
      finishTransfers()
      for ready in sockets.wait(untilAlarm()) {
        var active: Int32 = 0
        curl_multi_socket_action(multi, ready.socket, ready.mask, &active)
      }
      finishTransfers()
    }
    close()
  }

  /// What is due, a transfer just added above all.
  private func ring() {
    guard let time = alarm, time <= .now else { return }
    alarm = nil
    var active: Int32 = 0
    curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &active)
  }

  /// In milliseconds, rounded up; -1 when no alarm is set.
  private func untilAlarm() -> Int32 {
    guard let alarm else { return -1 }
    let left = max(.zero, ContinuousClock.now.duration(to: alarm))
    return Int32(min(left / .milliseconds(1), 60_000).rounded(.up))
  }

  /// - Returns: whether the loop goes on.
  private func takeWork() -> Bool {
    let (begun, cancelled, isStopping) = shared.withLock { shared in
      let work = (shared.begun, shared.cancelled, shared.isStopping)
      shared.begun.removeAll()
      shared.cancelled.removeAll()
      return work
    }
    for transfer in begun {
      if isStopping { transfer.fail(HTTPError.shutDown) } else { add(transfer) }
    }
    for id in cancelled {
      guard let handle = handles[id], let transfer = remove(handle) else { continue }
      transfer.fail(CancellationError())
    }
    return !isStopping
  }

  private func add(_ transfer: Transfer) {
    guard let handle = idle.popLast() ?? EasyHandle(), transfer.configure(handle),
      curl_multi_add_handle(multi, handle.pointer) == CURLM_OK
    else {
      transfer.fail(
        HTTPError(.failed, "the request to \(transfer.target.server) could not be prepared", isRetriable: true))
      return
    }
    running[handle.pointer] = (transfer, handle)
    handles[transfer.id] = handle
  }

  private func finishTransfers() {
    var left: Int32 = 0
    while let message = curl_multi_info_read(multi, &left) {
      guard message.pointee.msg == CURLMSG_DONE, let pointer = message.pointee.easy_handle,
        let (transfer, handle) = running[pointer]
      else { continue }
      // Read before the handle is removed, which ends the message's life.
      let result = greenroom_curl_message_result(message)
      transfer.finish(result, handle: handle)
      _ = remove(handle)
    }
  }

  /// Takes the handle out of the loop; a transfer under way ends with it.
  private func remove(_ handle: EasyHandle) -> Transfer? {
    curl_multi_remove_handle(multi, handle.pointer)
    guard let (transfer, _) = running.removeValue(forKey: handle.pointer) else { return nil }
    handles[transfer.id] = nil
    handle.reset()
    if idle.count < Self.maximumIdleHandles { idle.append(handle) }
    return transfer
  }

  private func close() {
    for (transfer, handle) in Array(running.values) {
      _ = remove(handle)
      transfer.fail(HTTPError.shutDown)
    }
    idle.removeAll()
    let waiting = shared.withLock { shared in
      curl_multi_cleanup(multi)
      shared.hasStopped = true
      defer { shared.whenStopped.removeAll() }
      return shared.whenStopped
    }
    for isWaiting in waiting { isWaiting() }
  }
}
