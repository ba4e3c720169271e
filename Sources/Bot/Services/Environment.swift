package import Foundation

/// Time and chance, handed in so that tests need neither.
package struct Environment: Sendable {
  package var now: @Sendable () -> Date
  /// Returns early, by throwing, when the task is cancelled.
  package var sleep: @Sendable (Duration) async throws -> Void

  package init(now: @escaping @Sendable () -> Date, sleep: @escaping @Sendable (Duration) async throws -> Void) {
    self.now = now
    self.sleep = sleep
  }

  package static let live = Environment(now: { Date() }, sleep: { try await Task.sleep(for: $0) })
}
