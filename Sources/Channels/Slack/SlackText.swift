import JSON
import Support

/// What somebody wrote, out of Slack's own markup (docs.slack.dev, "Formatting text for app surfaces").
struct SlackText {
  /// Plain: mentions as names, links as what is shown or where they lead, entities as characters.
  static func plain(_ markup: String, bot: String) -> String {
    var output = ""
    var rest = markup[...]
    while let start = rest.firstIndex(of: "<") {
      output += unescaped(rest[..<start])
      guard let end = rest[start...].firstIndex(of: ">") else {
        rest = rest[start...]
        break
      }
      output += reference(rest[rest.index(after: start)..<end], bot: bot)
      rest = rest[rest.index(after: end)...]
    }
    output += unescaped(rest)
    return MessageText.withoutNUL(trimmed(output))
  }

  static func mentions(_ markup: String, _ user: String) -> Bool {
    markup.contains("<@\(user)>") || markup.contains("<@\(user)|")
  }

  private static func reference(_ inner: Substring, bot: String) -> String {
    let parts = inner.split(separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
    let target = parts.first ?? ""
    let label = parts.count > 1 && !parts[1].isEmpty ? unescaped(parts[1]) : nil
    switch target.first {
    case "@": return target.dropFirst() == bot ? "" : "@" + (label ?? String(target.dropFirst()))
    case "#": return "#" + (label ?? String(target.dropFirst()))
    case "!":
      // `<!here>`, `<!subteam^S1|@team>`, `<!date^1^…|fallback>`
      return label ?? "@" + String(target.dropFirst().prefix { $0 != "^" })
    default:
      let address = unescaped(target)
      let bare = address.hasPrefix("mailto:") ? String(address.dropFirst(7)) : address
      guard let label, label != bare, label != address else { return bare }
      return "\(label) (\(bare))"
    }
  }

  private static func unescaped(_ text: Substring) -> String {
    guard text.contains("&") else { return String(text) }
    // The ampersand last: `&amp;lt;` is the text `&lt;`.
    return String(text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&"))
  }

  private static func trimmed(_ text: String) -> String {
    var text = text.drop { $0.isWhitespace || $0 == "," || $0 == ":" }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// Files are named, and never fetched.
  static func attachments(_ message: JSONValue) -> [Attachment] {
    (message["files"]?.array ?? []).prefix(MessageReader.maximumAttachments).compactMap { file in
      guard file.object != nil else { return nil }
      let name = [file["name"], file["title"], file["id"]].compactMap { $0?.string }.first { !$0.isEmpty }
      return Attachment(
        name: clipped(name ?? "attachment"), url: (file["permalink"] ?? file["url_private"])?.string.map(clipped),
        mediaType: file["mimetype"]?.string.map(clipped), size: file["size"]?.int.flatMap { $0 >= 0 ? $0 : nil })
    }
  }

  private static func clipped(_ text: String) -> String { MessageText.withoutNUL(String(text.prefix(1_000))) }
}
