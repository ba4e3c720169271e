/// What a Slack app is allowed to do (docs.slack.dev, "Scopes").
struct SlackScope: Sendable {
  var name: String
  /// What is not possible without it; the sentence goes on from "without it".
  var loss: String

  /// Kinds of rooms as Slack's methods name them, and as scopes do.
  static let rooms: [(type: String, scope: String)] = [
    ("public_channel", "channels"), ("private_channel", "groups"), ("mpim", "mpim"), ("im", "im"),
  ]

  /// All that the bot makes use of.
  static let wanted: [SlackScope] =
    [("channels", "public channels"), ("groups", "private channels"), ("mpim", "group chats"), ("im", "direct chats")]
    .flatMap { scope, rooms in
      [
        SlackScope(name: "\(scope):history", loss: "\(rooms) are not read"),
        SlackScope(name: "\(scope):read", loss: "\(rooms) are not found"),
      ]
    } + [
      SlackScope(name: "chat:write", loss: "nothing can be answered"),
      SlackScope(name: "reactions:write", loss: "no thumbs and no numbers are offered under answers"),
      SlackScope(name: "users:read", loss: "people are known by their ids only"),
    ]

  /// `channels:history,chat:write` and its like.
  static func names(_ header: String) -> Set<String> {
    Set(header.split(separator: ",").prefix(200).map { $0.filter { !$0.isWhitespace } }.filter { !$0.isEmpty })
  }
}
