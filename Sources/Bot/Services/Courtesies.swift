import Support
import Synchronization

/// Conversations whose people are still to see that they have been heard. Bounded: in a flood nobody looks for ticks.
final class Courtesies: Sendable {
  private let owed = Mutex<[ConversationID: MessageID]>([:])
  private static let most = 100

  var areOwed: Bool { owed.withLock { !$0.isEmpty } }

  /// The newest message of each conversation stands for those before it.
  func owe(for messages: [Message]) {
    owed.withLock { owed in
      for message in messages where owed.count < Self.most || owed[message.conversation] != nil {
        owed[message.conversation] = message.id
      }
    }
  }

  func next() -> (ConversationID, MessageID)? {
    owed.withLock { owed in owed.popFirst().map { ($0.key, $0.value) } }
  }
}
