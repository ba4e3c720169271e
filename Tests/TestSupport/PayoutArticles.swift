package import Support

/// A workspace of three articles, two of which a vague question may mean.
package enum PayoutArticles {
  /// Nobody can tell which of the two about payouts is meant.
  package static let vague = "payout"
  package static let titles = ["My payout has not arrived", "Minimum amount for a payout"]

  /// - Parameter phrases: the bot's own sentences.
  package static func content(phrases: [Phrases], version: String = "v1") -> WorkspaceContent {
    WorkspaceContent(
      intents: [
        Intent(
          id: "hours", title: "Opening hours", language: "en", priority: 1,
          patterns: [AuthoredLine(#"\bopening hours\b"#, at: SourceLocation(file: "intents/a.yml"))],
          action: .answer("From nine to six."), location: SourceLocation(file: "intents/a.yml"))
      ],
      articles: [
        article(
          "payouts/late", titles[0], ["why is my payout late", "payout missing", "where is my payout"],
          "Payouts are sent by the 15th."),
        article(
          "payouts/minimum", titles[1], ["what is the smallest payout", "how much do i need for a payout"],
          "You can withdraw from 50 USD."),
        article(
          "violations/appeal", "How to appeal a violation", ["how do i appeal", "where can i appeal a ban"],
          "Choose appeal within 14 days."),
      ], phrases: phrases, version: version)
  }

  private static func article(_ id: String, _ title: String, _ questions: [String], _ body: String) -> Article {
    let place = SourceLocation(file: "knowledge/\(id).md")
    return Article(
      id: id, title: title, questions: questions.map { AuthoredLine($0, at: place) }, language: "en", body: body,
      location: place)
  }
}
