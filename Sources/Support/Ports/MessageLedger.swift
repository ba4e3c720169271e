package import Foundation

/// The durable memory of the bot's own work. Each call that writes is one transaction: it happens as a whole or not at all.
/// All calls throw `LedgerError`.
package protocol MessageLedger: Sendable {
  /// Where the channel's next poll goes on; nil before the first.
  func cursor(of channel: String) async throws -> String?

  /// Takes in a poll: new messages into the inbox, what could not be read into the set-aside list, and the cursor, as one.
  /// A message whose id is known already is passed over, whatever it says. An edit of a message that waits for its decision
  /// takes that one's place; one of a message that was answered is decided by itself, and its reply edits the answer.
  /// What was taken back before it was decided is not answered. Thumbs are kept with the reply they are under. A notice is
  /// said once.
  func receive(_ poll: Poll, from channel: String, at now: Date) async throws -> Intake

  /// Messages that wait for a decision, with the state of their conversations: within a conversation in the order they
  /// came in, and the conversations by turns, so that many messages in one never delay those in another.
  /// One reader decides at a time: each call takes the place of the one before.
  func undecided(limit: Int) async throws -> UndecidedBatch

  /// How many messages wait for a decision. Cheap.
  /// - Parameter channel: nil for those of all channels.
  func undecidedCount(of channel: String?) async throws -> Int

  /// Carries out decisions, in the given order: conversation state, tickets, interactions and outbox rows as one.
  /// A message that has been decided meanwhile is passed over.
  ///
  /// A decision holds only for the state it was made on. A message is left undecided, for the next `undecided` to give
  /// out with the right state, together with all later ones of its conversation, where the conversation has changed since
  /// the last `undecided` read it (a person took or resolved a ticket), and where an earlier message of the same batch
  /// opened or reopened a ticket in it, whose number the decision could not know. So: decide, commit, and ask
  /// `undecided` again until it is empty.
  ///
  /// The ledger adds to `Decision.nextState` what only it knows: a ticket that was opened or reopened is appended to
  /// `openTickets`, and a reopened one is no longer `lastResolved`.
  func commit(_ outcomes: [DecidedMessage], at now: Date) async throws

  /// Replies that may be sent now: the first unsent one of each conversation, oldest first.
  /// - Parameter busy: conversations that are being sent to, to leave out.
  func sendable(at now: Date, limit: Int, leavingOut busy: Set<ConversationID>) async throws -> [OutgoingReply]

  /// When the next reply that waits for another attempt may be sent; nil when none waits.
  func nextAttempt() async throws -> Date?

  /// The replies were accepted by the server.
  func markSent(_ replies: [SentReply]) async throws

  /// The attempt failed; another may be made at `nextAttempt`. Later replies of the conversation wait behind it.
  func markFailed(_ id: Int, error: String, nextAttempt: Date) async throws

  /// These replies wait for another attempt only because of a server that is there again: they may be sent now.
  func hasten(_ ids: [Int], at now: Date) async throws

  /// The reply is given up and shown to staff; later replies of the conversation go on.
  func hold(_ id: Int, reason: String, at now: Date) async throws

  /// The replies are about to be sent over a channel that does not repeat safely.
  func beginSending(_ ids: [Int]) async throws

  /// Replies that were being sent so when the process died: nobody knows whether they arrived.
  func interruptedSends() async throws -> [OutgoingReply]

  /// A number that changes whenever anyone, in this process or another, has written to the ledger. Cheap.
  func changeCounter() async throws -> Int
}

/// What a poll brought that was new.
package struct Intake: Sendable, Hashable {
  package var new: Int
  package var known: Int
  package var setAside: Int

  package init(new: Int, known: Int, setAside: Int) {
    self.new = new
    self.known = known
    self.setAside = setAside
  }
}

/// Messages to decide, with what the decision needs to know of their conversations.
package struct UndecidedBatch: Sendable {
  package struct Entry: Sendable {
    /// The inbox row; rises in the order of arrival.
    package var id: Int
    package var message: Message
    package var receivedAt: Date

    package init(id: Int, message: Message, receivedAt: Date) {
      self.id = id
      self.message = message
      self.receivedAt = receivedAt
    }
  }

  package var entries: [Entry]
  package var states: [ConversationID: ConversationState]

  package init(entries: [Entry], states: [ConversationID: ConversationState]) {
    self.entries = entries
    self.states = states
  }
}

/// A decision, to be carried out.
package struct DecidedMessage: Sendable {
  package var entry: UndecidedBatch.Entry
  package var decision: Decision

  package init(entry: UndecidedBatch.Entry, decision: Decision) {
    self.entry = entry
    self.decision = decision
  }
}

package struct SentReply: Sendable, Hashable {
  package var id: Int
  package var at: Date
  /// The server's ids of what says it now, as `Channel.send` gave them.
  package var serverIDs: [String]

  package init(id: Int, at: Date, serverIDs: [String] = []) {
    self.id = id
    self.at = at
    self.serverIDs = serverIDs
  }
}

/// The ledger could not do what was asked.
package struct LedgerError: Error, Sendable, CustomStringConvertible {
  package enum Code: String, Sendable, Hashable {
    /// Another process holds the write lock for too long.
    case locked
    case diskFull
    /// The file is damaged or is not a ledger.
    case damaged
    /// Written by a newer version of the program.
    case tooNew
    /// The folder or file cannot be written.
    case notWritable
    /// Another bot runs on the same data folder.
    case alreadyRunning
    case failed
  }

  package var code: Code
  /// What failed, on what, and what to do.
  package var description: String

  package init(_ code: Code, _ description: String) {
    self.code = code
    self.description = description
  }

  /// Whether waiting can help.
  package var isRetriable: Bool { code == .locked || code == .diskFull }
}
