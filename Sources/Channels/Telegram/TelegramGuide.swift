extension ChannelGuide {
  static let telegram = ChannelGuide(
    kind: "telegram", title: "Telegram", page: "docs/telegram.md",
    parts: [
      .step(
        "In Telegram, open **@BotFather**, send /newbot, give it a name and a user name. It answers with the token."),
      .secret(
        SecretQuestion(
          key: "login",
          ways: [.init(name: "token", text: "@BotFather's token", key: "token", variable: "GREENROOM_TELEGRAM_TOKEN")])),
      .question(
        Question(
          key: "groups", text: "In groups, answer", form: .choice(["addressed", "always", "never"]), sample: "always",
          usual: "addressed")),
      .step(
        "Is the bot to answer everything in its groups, and not only what is addressed to it? Send /setprivacy to "
          + "@BotFather, choose the bot, then **Disable**. Groups that the bot is in already learn of it when it is taken "
          + "out and added again."),
      .question(
        Question(
          key: "rooms", text: "Groups of which something else holds, or that are to be tested, by their numbers",
          form: .rooms, sample: "-1001234567890=always")),
    ],
    afterwards: [
      "Start the bot. In a group, open the group's name, **Add members**, and choose the bot; or write to it directly.",
      "To let it hear of 👍 and 👎 under its answers in a group, make it an administrator there (group's name, "
        + "**Administrators**, **Add administrator**); it needs none of the rights that can be ticked.",
    ])
}
