extension ChannelGuide {
  /// The scopes that `LarkProbe` looks for, and no more.
  static let larkScopes =
    "{\n  \"scopes\": {\n    \"tenant\": [\n"
    + LarkScope.wanted.map { "      \"\($0.names[0])\"" }.sorted().joined(separator: ",\n")
    + "\n    ]\n  }\n}"

  static let lark = ChannelGuide(
    kind: "lark", title: "Lark and Feishu", page: "docs/lark.md",
    parts: [
      .question(
        Question(
          key: "domain", text: "Is it Lark or Feishu", form: .choice(["lark", "feishu"]), sample: "feishu",
          usual: "lark")),
      .step(
        "Open the developer console, https://open.larksuite.com/app or https://open.feishu.cn/app, **Create Custom App**."
      ),
      .step("**Features**, **Add feature**: **Bot**."),
      .step("**Permissions & Scopes**, **Batch import**, as tenant scopes:"),
      .paste(larkScopes),
      .step(
        "**Version Management & Release**, **Create a version**: choose who may use the app, and have the administrator "
          + "approve it. Whatever is changed above counts only with the next version."),
      .step("On **Credentials & Basic Info** stand the **App ID** and the **App Secret**."),
      .question(
        Question(key: "app_id", text: "The App ID", sample: "cli_a1b2c3d4e5f6", isRequired: true)),
      .secret(
        SecretQuestion(
          key: "login",
          ways: [
            .init(name: "app_secret", text: "The App Secret", key: "app_secret", variable: "GREENROOM_LARK_SECRET")
          ])),
      .step("In each group where it is to listen: **Settings**, **Bots**, **Add Bot**."),
      .question(
        Question(
          key: "groups", text: "In groups, answer", form: .choice(["addressed", "always", "never"]), sample: "always",
          usual: "addressed")),
      .question(
        Question(
          key: "rooms",
          text:
            "Direct chats with the bot, which Lark does not list, and groups of which something else holds, by their ids",
          form: .rooms, sample: "oc_a0553eda9014c201e6969b478895c230")),
    ],
    afterwards: ["Start the bot. Whenever it is added to one more group, it listens there too."])
}
