import JSON
import Support

/// What somebody wrote, out of a message's content.
struct MatrixText {
  /// - Parameter isReply: whether it answers another message, whose text older clients repeat in front.
  static func text(of content: JSONValue, isReply: Bool) -> String {
    let body = content["body"]?.string ?? ""
    let words = isReply ? withoutQuote(body) : body
    if words.contains(where: { !$0.isWhitespace }) { return withoutNUL(words) }
    guard content["format"] == "org.matrix.custom.html", let html = content["formatted_body"]?.string else {
      return withoutNUL(words)
    }
    return withoutNUL(HTMLText.plain(html))
  }

  /// Files are named, and never fetched.
  static func attachments(of content: JSONValue) -> [Attachment] {
    guard let kind = content["msgtype"]?.string, ["m.image", "m.file", "m.audio", "m.video"].contains(kind) else {
      return []
    }
    let name = content["filename"]?.string ?? content["body"]?.string ?? ""
    let size = content["info"]?["size"]?.int
    return [
      Attachment(
        name: name.isEmpty ? "attachment" : clipped(name),
        url: (content["url"]?.string ?? content["file"]?["url"]?.string).map(clipped),
        mediaType: content["info"]?["mimetype"]?.string.map(clipped), size: size.flatMap { $0 >= 0 ? $0 : nil })
    ]
  }

  /// Whether the words of a file are its caption, and not its name.
  static func hasCaption(_ content: JSONValue) -> Bool {
    guard let filename = content["filename"]?.string, let body = content["body"]?.string else { return false }
    return filename != body
  }

  /// "Greenroom: my payout is late" is about the payout.
  static func withoutAddress(_ text: String, names: [String]) -> String {
    for name in names where !name.isEmpty {
      for (start, needsMark) in [("@" + name, false), (name, true)] {
        guard text.count > start.count, text.prefix(start.count).lowercased() == start.lowercased() else { continue }
        let rest = text.dropFirst(start.count)
        guard let next = rest.first, ":,".contains(next) || (!needsMark && next.isWhitespace) else { continue }
        let words = rest.drop { $0.isWhitespace || $0 == ":" || $0 == "," }
        if !words.isEmpty { return String(words) }
      }
    }
    return text
  }

  /// The fallback of replies (Matrix specification 1.12 and before, "Fallbacks for rich replies"): lines that begin with
  /// `> `, then an empty one.
  private static func withoutQuote(_ body: String) -> String {
    guard body.hasPrefix("> <@") || body.hasPrefix("> * <@") else { return body }
    let lines = body.split(separator: "\n", omittingEmptySubsequences: false).drop { $0.hasPrefix("> ") }
    return lines.drop { $0.isEmpty }.joined(separator: "\n")
  }

  private static func clipped(_ text: String) -> String { withoutNUL(String(text.prefix(1_000))) }

  private static func withoutNUL(_ text: String) -> String {
    guard text.utf8.contains(0) else { return text }
    return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\u{0}" ? "\u{FFFD}" : $0 }))
  }
}
