package import Foundation

/// What somebody thinks of a reply: a thumb up or down.
package struct Feedback: Sendable, Hashable {
  /// The line of the log with the reply, as it read at that moment.
  package var interaction: Int
  /// What was sent, of the version that the reply was made with; empty for replies of people.
  package var matched: [CandidateID]
  /// Content hash of the workspace that the reply came from.
  package var workspaceVersion: String?
  package var isHelpful: Bool
  package var sender: Sender
  package var at: Date
  /// When it was taken back; nil while it stands.
  package var removedAt: Date?

  package init(
    interaction: Int, matched: [CandidateID], workspaceVersion: String?, isHelpful: Bool, sender: Sender, at: Date,
    removedAt: Date? = nil
  ) {
    self.interaction = interaction
    self.matched = matched
    self.workspaceVersion = workspaceVersion
    self.isHelpful = isHelpful
    self.sender = sender
    self.at = at
    self.removedAt = removedAt
  }
}
