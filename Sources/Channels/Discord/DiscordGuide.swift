extension ChannelGuide {
  static let discord = ChannelGuide(
    kind: "discord", title: "Discord", page: "docs/discord.md",
    parts: [
      .step(
        "Open the Developer Portal, https://discord.com/developers/applications, **New Application**, give it a name."),
      .step("Under **Bot**: **Reset Token**, and copy the token."),
      .step(
        "On the same page, turn **Message Content Intent** on. Without it Discord gives the bot empty messages, but for "
          + "those that mention it."),
      .secret(
        SecretQuestion(
          key: "login",
          ways: [.init(name: "token", text: "The bot's token", key: "token", variable: "GREENROOM_DISCORD_TOKEN")])),
      .step(
        "Under **General Information**, copy the **Application ID**, and open this address with it in the place of "
          + "APPLICATION, as somebody who may manage the server:"),
      .paste(
        "https://discord.com/oauth2/authorize?client_id=APPLICATION&scope=bot&permissions="
          + String(DiscordPermissions.invitation.rawValue)),
      .step(
        "In Discord: **User Settings**, **Advanced**, **Developer Mode** on; then a right click on a channel, "
          + "**Copy Channel ID**."),
      .question(
        Question(
          key: "rooms", text: "The channels to read, by their ids", form: .rooms,
          sample: "1184563210987654321 1184563210987654322=always", isRequired: true)),
      .question(
        Question(
          key: "answer", text: "Where a channel does not say, answer", form: .choice(["addressed", "always", "never"]),
          sample: "always", usual: "addressed")),
    ],
    afterwards: [
      "Start the bot. In channels that not everybody sees, give it its permissions in the channel's own."
    ])
}
