/// What the bot says: Markdown, in which the number of a ticket that does not exist yet can stand.
package struct Reply: Sendable, Hashable, Codable {
  package enum Piece: Sendable, Hashable, Codable {
    case text(String)
    /// The number of the ticket that the decision opens: known once the ledger has opened it.
    case ticketNumber
  }

  package var pieces: [Piece]

  package init(pieces: [Piece]) { self.pieces = pieces }

  package init(_ markdown: String) { self.pieces = [.text(markdown)] }

  /// The Markdown that is sent.
  /// - Parameter ticket: the number of the ticket opened with it; nil shows as "(new)", for previews.
  package func markdown(ticket: Int?) -> String {
    pieces.map { piece in
      switch piece {
      case .text(let text): text
      case .ticketNumber: ticket.map { "#\($0)" } ?? "#(new)"
      }
    }.joined()
  }

  /// Several replies as one, a blank line between them.
  package static func joined(_ replies: [Reply]) -> Reply? {
    guard let first = replies.first else { return nil }
    return replies.dropFirst().reduce(first) { Reply(pieces: $0.pieces + [.text("\n\n")] + $1.pieces) }
  }
}
