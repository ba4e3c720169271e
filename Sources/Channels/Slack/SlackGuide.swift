extension ChannelGuide {
  /// The manifest asks for the scopes that `SlackProbe` looks for, and for no more.
  static let slackManifest =
    """
    display_information:
      name: Greenroom
    features:
      bot_user:
        display_name: greenroom
        always_online: true
      app_home:
        messages_tab_enabled: true
        messages_tab_read_only_enabled: false
    oauth_config:
      scopes:
        bot:

    """
    + SlackScope.wanted.map(\.name).sorted().map { "      - \($0)\n" }.joined()
      + """
      settings:
        org_deploy_enabled: false
        socket_mode_enabled: false
        token_rotation_enabled: false
      """

  static let slack = ChannelGuide(
    kind: "slack", title: "Slack", page: "docs/slack.md",
    parts: [
      .step(
        "Open https://api.slack.com/apps, **Create New App**, **From a manifest**, choose the workspace, and paste:"),
      .paste(slackManifest),
      .step("**Install to Workspace**, **Allow**."),
      .step(
        "On the page **OAuth & Permissions**, copy the **Bot User OAuth Token**, which begins with xoxb-."),
      .secret(
        SecretQuestion(
          key: "login",
          ways: [
            .init(
              name: "token", text: "The Bot User OAuth Token", key: "token", variable: "GREENROOM_SLACK_TOKEN")
          ])),
      .step("Write /invite @greenroom in each channel where it is to listen. Direct chats need no invitation."),
      .question(
        Question(
          key: "groups", text: "In channels and group chats, answer", form: .choice(["addressed", "always", "never"]),
          sample: "always", usual: "addressed")),
      .question(
        Question(
          key: "rooms",
          text: "Channels of which something else holds, by their ids (at the foot of a channel's **About**)",
          form: .rooms, sample: "C0123456789=always")),
    ],
    afterwards: ["Start the bot. Whenever it is invited to one more channel, it listens there too."])
}
