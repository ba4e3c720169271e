import JSON

/// One message on its way to Lark.
struct LarkContent: Sendable, Hashable {
  enum Kind: String, Sendable {
    case text
    /// A card.
    case card = "interactive"
  }

  var kind: Kind
  var text: StyledText

  /// In bytes of JSON: Lark takes 150 KB of text and 30 KB of a card, in the request as a whole.
  private static let mostText = 60 << 10
  private static let mostCard = 20 << 10

  /// Text where there is nothing to mark up, otherwise cards.
  /// - Parameter areInterchangeable: whether each may have to take the place of the other kind.
  static func contents(_ markdown: String, areInterchangeable: Bool = false) -> [LarkContent] {
    let text = StyledText(markdown: markdown)
    let kind: Kind = LarkMarkup.isPlain(text) ? .text : .card
    let most = kind == .card || areInterchangeable ? mostCard : mostText
    return text.pieces(longest: most) { piece in
      let forms = areInterchangeable ? [.text, .card] : [kind]
      return forms.allSatisfy { LarkContent(kind: $0, text: piece).json.utf8.count <= most }
    }.filter { !$0.isBlank }.map { LarkContent(kind: kind, text: $0) }
  }

  /// What stands as a string in the request.
  var json: String {
    let content: JSONValue =
      switch kind {
      case .text: ["text": .string(LarkMarkup.plain(text))]
      case .card:
        [
          // Without `update_multi` a card cannot be edited.
          "config": ["wide_screen_mode": true, "update_multi": true],
          "elements": [["tag": "markdown", "content": .string(LarkMarkup.card(text))]],
        ]
      }
    return content.serialized()
  }

  func `as`(_ kind: Kind) -> LarkContent { LarkContent(kind: kind, text: text) }

  // MARK: Knowing it again

  /// Only what stays the same on Lark's way of telling of a message.
  var words: String { Self.words(kind == .text ? LarkMarkup.plain(text) : text.text) }

  /// Letters and digits of a text. A card's links are told of without where they lead.
  private static func words(_ text: String) -> String { text.filter { $0.isLetter || $0.isNumber } }

  /// Of a message as Lark lists it, where cards are told of in pieces of their own.
  static func words(of item: JSONValue) -> String {
    guard let content = try? JSONValue.parse(item["body"]?["content"]?.string ?? "", maximumDepth: 64) else {
      return ""
    }
    if let text = content["text"]?.string { return words(text) }
    var output = ""
    func walk(_ value: JSONValue) {
      switch value {
      case .array(let list): for one in list { walk(one) }
      case .object(let object):
        if object["tag"]?.string == "markdown", let text = object["content"]?.string {
          output += StyledText(markdown: text).text
        } else if let text = object["text"]?.string {
          output += text
        } else {
          for member in object where member.key == "elements" || member.key == "content" || member.key == "text" {
            walk(member.value)
          }
        }
      default: break
      }
    }
    walk(content)
    return words(output)
  }
}
