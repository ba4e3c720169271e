import Channels
import Foundation
import HTTP
import Support
import Synchronization

/// The embedded chat as a channel: the same webhook client as for any vendor's server, at an address that is only known
/// once the server listens.
struct EmbeddedChannel: Support.Channel {
  static let name = "chat"

  var name: String { Self.name }
  private let channel: Promise<WebhookChannel>

  init(_ channel: Promise<WebhookChannel>) { self.channel = channel }

  func poll(after cursor: String?) async throws -> Poll { try await channel.value().poll(after: cursor) }

  func send(_ reply: OutgoingReply) async throws -> [String] { try await channel.value().send(reply) }
}

/// A value that is there later.
final class Promise<Value: Sendable>: Sendable {
  private struct State {
    var value: Value?
    var nextWaiter = 0
    var waiters: [Int: CheckedContinuation<Value, any Error>] = [:]
  }

  private let state = Mutex(State())

  /// The first value stays.
  func fulfil(_ value: Value) {
    let waiters = state.withLock { state in
      guard state.value == nil else { return [CheckedContinuation<Value, any Error>]() }
      state.value = value
      defer { state.waiters = [:] }
      return Array(state.waiters.values)
    }
    for waiter in waiters { waiter.resume(returning: value) }
  }

  /// - Throws: `CancellationError`.
  func value() async throws -> Value {
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    return try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let ready: Result<Value, any Error>? = state.withLock { state in
          if let value = state.value { return .success(value) }
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiters[number] = continuation
          return nil
        }
        if let ready { continuation.resume(with: ready) }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: number) }?.resume(throwing: CancellationError())
    }
  }
}
