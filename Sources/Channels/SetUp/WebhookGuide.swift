extension ChannelGuide {
  static let webhook = ChannelGuide(
    kind: "webhook", title: "a chat webhook", page: "docs/webhook.md",
    parts: [
      .step("Have your chat server answer the two requests that docs/webhook.md describes: a poll, and a reply."),
      .question(
        Question(
          key: "url", text: "The address that is polled", sample: "https://chat.example/api/messages", isRequired: true)
      ),
      .question(
        Question(
          key: "reply_url", text: "The address that replies are sent to", sample: "https://chat.example/api/replies",
          isRequired: true)),
      .secret(
        SecretQuestion(
          key: "auth",
          ways: [
            .init(
              name: "bearer", text: "The bearer token", key: "auth", keyBelow: "bearer",
              variable: "GREENROOM_CHAT_TOKEN"),
            .init(
              name: "hmac", text: "The key that requests are signed with", key: "auth", keyBelow: "hmac",
              variable: "GREENROOM_CHAT_KEY"),
            .init(name: "none", text: "", key: nil, variable: ""),
          ])),
      .question(
        Question(
          key: "ignore_senders", text: "Ids of senders that are passed over: the bot's own account, other bots",
          form: .words, sample: "greenroom-bot")),
    ],
    afterwards: ["Start the bot. If the server's fields have other names, map them under 'fields'."])
}
