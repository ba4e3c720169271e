import Foundation
import JSON
import Support
import Text

extension ChatLine {
  /// For the page: what a member typed as plain text, what the desk wrote as HTML made in safe mode.
  func pageJSON(workspace: String) -> JSONValue {
    var fields: JSONObject = ["id": .integer(id), "at": .string(at.rfc3339)]
    switch author {
    case .member(let sender):
      fields["from"] = "member"
      fields["name"] = .string(sender.name)
      fields["text"] = .string(text)
    case .desk(let name):
      let automated = name == Self.automated
      fields["from"] = automated ? "bot" : "person"
      fields["name"] = .string(automated ? workspace : name)
      fields["html"] = .string(Markdown.html(text))
    }
    return .object(fields)
  }

  /// For pollers of the webhook; nil for what the desk wrote, which is never polled.
  var webhookJSON: JSONValue? {
    guard case .member(let sender) = author else { return nil }
    var fields: JSONObject = [
      "id": .string("\(id)"), "conversation": .string(conversation),
      "sender": ["id": .string(sender.id), "name": .string(sender.name)], "text": .string(text),
      "time": .string(at.rfc3339),
    ]
    fields["agency"] = agency.map { .string($0) }
    fields["language"] = language.map { .string($0) }
    fields["region"] = region.map { .string($0) }
    return .object(fields)
  }

  /// The author's name of replies that no person wrote.
  static let automated = "bot"
}

extension Date {
  /// UTC, to the millisecond.
  var rfc3339: String { Date.ISO8601FormatStyle(includingFractionalSeconds: true).format(self) }

  /// As ledgers keep it: to the millisecond.
  var wholeMilliseconds: Date {
    Date(timeIntervalSince1970: (timeIntervalSince1970 * 1000).rounded(.down) / 1000)
  }
}
