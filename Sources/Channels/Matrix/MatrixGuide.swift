extension ChannelGuide {
  static let matrix = ChannelGuide(
    kind: "matrix", title: "Matrix", page: "docs/matrix.md",
    parts: [
      .step("Make an account for the bot on your homeserver (with Synapse: register_new_matrix_user)."),
      .question(
        Question(
          key: "homeserver", text: "The homeserver's address, as clients use it", sample: "https://matrix.example.org",
          isRequired: true)),
      .question(
        Question(key: "user", text: "The bot's own account", sample: "@greenroom:example.org", isRequired: true)),
      .secret(
        SecretQuestion(
          key: "login",
          ways: [
            .init(
              name: "password", text: "The account's password", key: "password", variable: "GREENROOM_MATRIX_PASSWORD"),
            .init(
              name: "access_token", text: "An access token of the account", key: "access_token",
              variable: "GREENROOM_MATRIX_TOKEN"),
          ])),
      .question(
        Question(
          key: "invites_from", text: "Servers and people whose invitations are accepted", form: .words,
          sample: "example.org, @anna:other.org", usual: "the bot's own server")),
      .question(
        Question(
          key: "groups", text: "In rooms of more than two, answer", form: .choice(["addressed", "always", "never"]),
          sample: "always", usual: "addressed")),
    ],
    afterwards: ["Start the bot, and invite it to a room."])
}
