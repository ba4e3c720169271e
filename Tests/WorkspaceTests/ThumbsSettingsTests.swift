import Support
import Testing

@testable import Workspace

/// Whether answers offer 👍 and 👎, for every kind of channel that can.
@Suite struct ThumbsSettingsTests {
  private static let kinds: [(type: String, lines: String, isUsual: Bool)] = [
    ("telegram", "token: {env: T}", true), ("slack", "token: {env: T}", true),
    ("lark", "app_id: cli_a1b2c3d4e5f6\n    app_secret: {env: T}", true),
    ("discord", "token: {env: T}\n    rooms: [{room: \"1184563210987654321\"}]", true),
    // Each thumb would be an event of its own in the room.
    (
      "matrix", "homeserver: https://matrix.example.org\n    user: \"@g:example.org\"\n    password: {env: T}", false
    ),
  ]

  private static func offers(_ kind: ChannelSettings.Kind?) -> Bool? {
    switch kind {
    case .telegram(let settings): settings.offersThumbs
    case .slack(let settings): settings.offersThumbs
    case .lark(let settings): settings.offersThumbs
    case .discord(let settings): settings.offersThumbs
    case .matrix(let settings): settings.offersThumbs
    case .webhook, nil: nil
    }
  }

  private func read(_ type: String, _ lines: String, _ more: String) throws -> (offers: Bool?, errors: [String]) {
    let text = "channels:\n  - name: chats\n    type: \(type)\n    \(lines)\n    \(more)\n"
    let reading = try WorkspaceFixture(["knowledge/a.md": WorkspaceFixture.article, "greenroom.yml": text]).read()
    let errors = reading.problems.filter { $0.severity == .error }.map(\.message)
    return (Self.offers(reading.content?.settings.channels.first?.kind), errors)
  }

  @Test(arguments: kinds.map(\.type))
  func `thumbs are as usual unless the channel says otherwise`(_ type: String) throws {
    let kind = try #require(Self.kinds.first { $0.type == type })
    #expect(try read(type, kind.lines, "").offers == kind.isUsual)
    for (word, expected) in [("yes", true), ("no", false), ("true", true), ("false", false)] {
      let (offers, errors) = try read(type, kind.lines, "thumbs: \(word)")
      #expect(errors.isEmpty && offers == expected, "\(word): \(errors)")
    }
    for bad in ["maybe", "[yes]", "5", "{on: yes}"] {
      let errors = try read(type, kind.lines, "thumbs: \(bad)").errors
      #expect(errors.count == 1 && errors[0].contains("thumbs"), "\(bad): \(errors)")
    }
  }
}
