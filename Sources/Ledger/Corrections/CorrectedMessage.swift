import Foundation
import GRDB
import Support

/// A line of the log as a correction sees it, with the message that came in.
struct CorrectedMessage {
  private let id: Int
  private let direction: Interaction.Direction
  private let parts: [Decision.Part]
  private let workspaceVersion: String
  /// Its language and region as the channel gave them; nil where the message is not there any more.
  private let message: Message?

  static let columnCount = 5

  /// - Parameter more: further columns, each after a comma.
  static func select(_ more: String = "") -> String {
    """
    SELECT i.id, i.direction, i.parts, i.workspace_version, b.message\(more)
    FROM interaction i JOIN conversation c ON c.id = i.conversation
      LEFT JOIN inbox b ON b.channel = c.channel AND b.message_id = i.message
    """
  }

  init(_ row: Row) throws {
    id = try row.integer(0)
    direction = try row.word(Interaction.Direction.self, 1)
    parts = try row.optionalText(2).map { try JSONColumn.value([Decision.Part].self, from: $0) } ?? []
    workspaceVersion = try row.optionalText(3) ?? ""
    message = try row.optionalText(4).map { try JSONColumn.value(Message.self, from: $0) }
  }

  /// The place of the question that is meant.
  func place(of part: Int?) throws(CorrectionError) -> Int {
    guard direction == .incoming, !parts.isEmpty else {
      throw CorrectionError(
        .notDecided, "Message \(id) went out and was not decided: correct the decision on the message that it answers.")
    }
    guard let part else {
      guard parts.count == 1 else {
        throw CorrectionError(.whichPart, "Message \(id) asks \(parts.count) things: say which one, from 1.")
      }
      return 0
    }
    guard parts.indices.contains(part) else {
      let count = parts.count == 1 ? "only one question" : "\(parts.count) questions"
      throw CorrectionError(.noSuchPart, "Message \(id) has \(count), and no number \(part + 1).")
    }
    return part
  }

  /// nil where there is no such question.
  func correction(of place: Int, verdict: Correction.Verdict, by person: String, at: Date) -> Correction? {
    guard parts.indices.contains(place) else { return nil }
    let part = parts[place]
    return Correction(
      interaction: id, question: part.text, language: message?.language, region: message?.region, did: part.kind,
      matched: part.matched, confidence: part.confidence, workspaceVersion: workspaceVersion, verdict: verdict,
      by: person, at: at)
  }
}

extension Correction.Verdict {
  /// The columns.
  var stored: (word: String, answer: String?) {
    switch self {
    case .right: ("right", nil)
    case .shouldHaveBeen(let id): ("should-have-been", id.description)
    case .nothingAnswers: ("nothing-answers", nil)
    }
  }

  /// nil where the columns hold what this version does not know.
  init?(_ word: String, answer: String?) {
    switch word {
    case "right": self = .right
    case "nothing-answers": self = .nothingAnswers
    case "should-have-been":
      guard let id = answer.flatMap({ CandidateID($0) }) else { return nil }
      self = .shouldHaveBeen(id)
    default: return nil
    }
  }
}
