import Foundation
import Synchronization

/// When a channel last brought messages: kept here, for its poller is a value.
final class LastNews: Sendable {
  private let date = Mutex<Date?>(nil)

  func withLock<Value: Sendable>(_ body: (inout Date?) -> Value) -> Value { date.withLock { body(&$0) } }
}
