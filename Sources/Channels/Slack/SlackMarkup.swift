import Text

/// Markdown in Slack's own markup, mrkdwn.
struct SlackMarkup {
  static func mrkdwn(_ markdown: String) -> String {
    HTMLMarkupWriter(Markdown.html(markdown), marks: .slack).text
  }
}
