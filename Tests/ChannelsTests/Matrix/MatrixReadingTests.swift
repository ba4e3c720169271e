import Foundation
import JSON
import Support
import TestSupport
import Testing

@testable import Channels

@Suite struct MatrixReadingTests {
  static let group = ["@anna:example.org", "@ben:example.org", FakeHomeserver.bot]

  /// What a poll brings of what `say` does, in a room of these members.
  static func poll(
    members: [String] = ["@anna:example.org", FakeHomeserver.bot], change: (inout MatrixSettings) -> Void = { _ in },
    _ say: (FakeHomeserver, MatrixChannel) async throws -> Void
  ) async throws -> Poll {
    var result = Poll()
    try await MatrixBench.with(members: members) { bench in
      let channel = try bench.channel(change: change)
      let cursor = try await channel.poll(after: nil).cursor
      try await say(bench.server, channel)
      bench.server.say("END", by: "@end:example.org", also: ["m.mentions": ["user_ids": [.string(FakeHomeserver.bot)]]])
      result = try await MatrixBench.drain(channel, from: cursor)
    }
    result.messages.removeAll { $0.sender.id == "@end:example.org" }
    return result
  }

  static let addressed: [(String, String, JSONObject, String?)] = [
    ("a list of mentions", "hello", ["m.mentions": ["user_ids": ["@bot:example.org"]]], "hello"),
    ("somebody else's mention", "hello bot", ["m.mentions": ["user_ids": ["@ben:example.org"]]], nil),
    ("everybody's mention", "@room hello", ["m.mentions": ["room": true]], nil),
    ("the whole name in front", "@bot:example.org: where is it?", [:], "where is it?"),
    ("the shown name in front", "greenroom, where is it?", [:], "where is it?"),
    ("the short name", "bot: where is it?", [:], "where is it?"),
    ("the short name with a mark", "@bot where is it?", [:], "where is it?"),
    ("a name within another word", "robots and bottles", [:], nil),
    ("a pill", "hi", ["formatted_body": "<a href=\"https://matrix.to/#/@bot:example.org\">x</a> hi"], "hi"),
    ("nothing", "where is it?", [:], nil),
  ]

  @Test(arguments: addressed)
  func `in a group the bot takes what names it`(
    _ name: String, _ text: String, _ fields: JSONObject, _ expected: String?
  ) async throws {
    let poll = try await Self.poll(members: Self.group) { server, _ in server.say(text, also: fields) }
    #expect(poll.messages.map(\.text) == (expected.map { [$0] } ?? []), "\(name)")
  }

  @Test func `in a group the bot takes replies to what it said, and not to what others said`() async throws {
    let poll = try await Self.poll(members: Self.group) { server, channel in
      let own = try await channel.send(MatrixBench.reply("An answer"))
      let other = server.say("chatter", by: "@ben:example.org")
      for id in own + [other] {
        server.say(
          "thanks \(id == other ? "Ben" : "bot")", also: ["m.relates_to": ["m.in_reply_to": ["event_id": .string(id)]]])
      }
    }
    #expect(poll.messages.map(\.text) == ["thanks bot"])
    #expect(poll.messages.first?.replyTo != nil)
  }

  @Test func `a reply to what an earlier start of the program said is known by asking the server`() async throws {
    try await MatrixBench.with(members: Self.group) { bench in
      let own = try await bench.channel().send(MatrixBench.reply("An answer"))
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      bench.server.say("and then?", also: ["m.relates_to": ["m.in_reply_to": ["event_id": .string(own[0])]]])
      #expect(try await channel.poll(after: cursor).messages.map(\.text) == ["and then?"])
    }
  }

  @Test func `in a group the bot takes what is said in threads that it is in`() async throws {
    try await MatrixBench.with(members: Self.group) { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      let root = bench.server.say("root")
      let elsewhere = bench.server.say("another root")
      let inThread = { (root: String) -> JSONObject in
        [
          "m.relates_to": [
            "rel_type": "m.thread", "event_id": .string(root), "is_falling_back": true,
            "m.in_reply_to": ["event_id": .string(root)],
          ]
        ]
      }
      bench.server.say("too early", also: inThread(root))
      var poll = try await channel.poll(after: cursor)
      #expect(poll.messages.isEmpty)
      _ = try await channel.send(MatrixBench.reply("An answer", thread: root))
      bench.server.say("in time", also: inThread(root))
      bench.server.say("elsewhere", also: inThread(elsewhere))
      let again = try bench.channel()
      for channel in [channel, again] {
        let news = try await channel.poll(after: poll.cursor)
        #expect(news.messages.map(\.text) == ["in time"])
        #expect(news.messages.first?.conversation.thread == root)
        #expect(news.messages.first?.replyTo == nil)
      }
      poll = try await channel.poll(after: poll.cursor)
    }
  }

  @Test(arguments: [(RoomSettings.Answering.always, 1), (.addressed, 0), (.never, 0)])
  func `how a room is answered is set for all groups, or for one room`(
    _ answering: RoomSettings.Answering, _ count: Int
  ) async throws {
    let groups = try await Self.poll(members: Self.group) {
      $0.groups = answering
    } _: { server, _ in
      server.say("hello")
    }
    #expect(groups.messages.count == count)
    let room = try await Self.poll(members: Self.group) {
      $0.groups = answering == .always ? .never : .always
      $0.rooms[FakeHomeserver.room] = .init(answering: answering, agency: "Northlight", language: "pt", region: "EU")
    } _: { server, _ in
      server.say("hello")
    }
    #expect(room.messages.count == count)
    if let message = room.messages.first {
      #expect(message.agency == "Northlight" && message.language == "pt" && message.region == "EU")
    }
    let direct = try await Self.poll {
      $0.groups = answering
    } _: { server, _ in
      server.say("hello")
    }
    #expect(direct.messages.count == 1)
  }

  @Test func `a direct chat in which a third joins is a group from then on`() async throws {
    let poll = try await Self.poll { server, _ in
      server.say("just us")
      server.setMembers(["@ben:example.org"])
      server.put("m.room.member", by: "@ben:example.org", content: ["membership": "join"], stateKey: "@ben:example.org")
      server.say("chatter", by: "@ben:example.org")
    }
    // Both were read at once, when the third was there already.
    #expect(poll.messages.isEmpty)
  }

  // MARK: Bots

  @Test func `the bot hears neither itself nor other bots, and nobody it is told to ignore`() async throws {
    let poll = try await Self.poll {
      $0.ignoredSenders = ["@rss:example.org"]
    } _: { server, _ in
      server.say("my own words", by: FakeHomeserver.bot)
      server.say("beep", by: "@other:example.org", also: ["msgtype": "m.notice"])
      server.say("maintenance", also: ["msgtype": "m.server_notice"])
      server.say("verify me", also: ["msgtype": "m.key.verification.request"])
      server.say("a feed", by: "@rss:example.org")
      server.say("a person")
      server.say("waves", also: ["msgtype": "m.emote"])
    }
    #expect(poll.messages.map(\.text) == ["a person", "waves"])
  }

  // MARK: Edits, redactions, reactions

  static func edit(_ id: String, _ text: String) -> JSONObject {
    [
      "m.new_content": ["msgtype": "m.text", "body": .string(text)],
      "m.relates_to": ["rel_type": "m.replace", "event_id": .string(id)],
    ]
  }

  @Test func `an edit is a message that names the one it replaces, in its thread`() async throws {
    let poll = try await Self.poll { server, _ in
      let plain = server.say("frist")
      server.say("* first", also: Self.edit(plain, "first"))
      let threaded = server.say("thrid", also: ["m.relates_to": ["rel_type": "m.thread", "event_id": "$root"]])
      server.say("* third", also: Self.edit(threaded, "third"))
      server.say("* hijacked", by: "@mallory:example.org", also: Self.edit(plain, "hijacked"))
      server.say("* of nothing", also: Self.edit("$unknown", "of nothing"))
    }
    #expect(poll.messages.map(\.text) == ["frist", "first", "thrid", "third"])
    #expect(poll.messages.map { $0.editOf != nil } == [false, true, false, true])
    #expect(poll.messages[1].editOf == poll.messages[0].id.id)
    #expect(poll.messages.map(\.conversation.thread) == [nil, nil, "$root", "$root"])
  }

  @Test func `what was taken back is told, and what is left of it is no message`() async throws {
    let poll = try await Self.poll { server, _ in
      let old = server.say("a secret")
      server.put("m.room.redaction", content: ["reason": "oops"], top: ["redacts": .string(old)])
      server.put("m.room.redaction", by: "@ben:example.org", content: ["redacts": "$x"])
      server.put("m.room.redaction", content: [:])
      server.put("m.room.message", content: [:], top: ["unsigned": ["redacted_because": [:]]])
    }
    #expect(poll.redactions.map(\.target) == [poll.messages[0].id.id, "$x"])
    #expect(poll.redactions.last?.sender.id == "@ben:example.org")
    #expect(poll.messages.count == 1)
    #expect(poll.unreadable.isEmpty)
  }

  @Test func `thumbs of any colour are reactions, other signs and the bot's own are none`() async throws {
    let poll = try await Self.poll { server, _ in
      for key in ["👍", "👍🏿", "👍️", "👎", "🎉", "", "+1"] {
        server.put(
          "m.reaction", content: ["m.relates_to": ["rel_type": "m.annotation", "event_id": "$a", "key": .string(key)]])
      }
      server.put(
        "m.reaction", by: FakeHomeserver.bot,
        content: ["m.relates_to": ["rel_type": "m.annotation", "event_id": "$a", "key": "👍"]])
      for broken: JSONValue in [[:], ["m.relates_to": 7], ["m.relates_to": ["rel_type": "m.annotation", "key": "👍"]]] {
        server.put("m.reaction", content: broken)
      }
    }
    #expect(poll.reactions.map(\.isHelpful) == [true, true, true, false])
    #expect(poll.reactions.allSatisfy { $0.message == "$a" && !$0.isRemoved })
    #expect(Set(poll.reactions.map(\.id)).count == 4)
  }

  @Test func `in an encrypted room the bot says once that it cannot read`() async throws {
    let poll = try await Self.poll { server, _ in
      for _ in 0..<3 {
        server.put("m.room.encrypted", content: ["algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x"])
      }
    }
    #expect(poll.notices.map(\.key) == ["encrypted:\(FakeHomeserver.room)"])
    #expect(poll.messages.isEmpty && poll.unreadable.isEmpty)
  }

  // MARK: Text and files

  static let html = "org.matrix.custom.html"
  static let texts: [(String, JSONObject, String)] = [
    ("plain", [:], "plain"),
    (
      "", ["format": .string(html), "formatted_body": "<p>one<br/>two</p><ul><li>a &amp; b</li></ul>"],
      "one\ntwo\na & b"
    ),
    ("", ["format": .string(html), "formatted_body": "<mx-reply><blockquote>old</blockquote></mx-reply>new"], "new"),
    ("> <@ben:example.org> old\n> more\n\nnew", ["m.relates_to": ["m.in_reply_to": ["event_id": "$none"]]], "new"),
    ("> quoted by hand\n\nnew", ["m.relates_to": ["m.in_reply_to": ["event_id": "$none"]]], "> quoted by hand\n\nnew"),
    ("a\u{0}b", [:], "a\u{FFFD}b"),
  ]

  @Test(arguments: texts)
  func `plain and HTML bodies, and replies with the old text in front`(
    _ body: String, _ fields: JSONObject, _ expected: String
  ) async throws {
    let poll = try await Self.poll { server, _ in server.say(body, also: fields) }
    #expect(poll.messages.map(\.text) == [expected])
  }

  @Test func `files are noted with their captions and never fetched`() async throws {
    try await MatrixBench.with { bench in
      let channel = try bench.channel()
      let cursor = try await channel.poll(after: nil).cursor
      let file: JSONObject = [
        "msgtype": "m.image", "url": "mxc://example.org/abc", "info": ["mimetype": "image/png", "size": 1234],
      ]
      bench.server.say("invoice.png", also: file)
      var captioned = file
      captioned["filename"] = "invoice.png"
      bench.server.say("is this right?", also: captioned)
      bench.server.say("x", also: ["msgtype": "m.file", "info": ["size": -1, "mimetype": 7]])
      let messages = try await channel.poll(after: cursor).messages
      #expect(messages.map(\.text) == ["", "is this right?", ""])
      #expect(
        messages.first?.attachments == [
          Attachment(name: "invoice.png", url: "mxc://example.org/abc", mediaType: "image/png", size: 1234)
        ])
      #expect(messages.last?.attachments == [Attachment(name: "x")])
      #expect(!bench.server.requests.contains { $0.path.contains("media") })
    }
  }

  @Test func `HTML of any kind becomes text without end or crash`() {
    var random = SystemRandomNumberGenerator()
    let alphabet = [
      "<", ">", "/", "&", ";", "#", "x", "mx-reply", "br", "p", "a", " ", "\"", "amp", "1F44D", "\u{301}", "é",
    ]
    for _ in 0..<3_000 {
      let html = (0..<Int.random(in: 0...40, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }
        .joined()
      #expect(HTMLText.plain(html).utf8.count <= html.utf8.count)
    }
    #expect(HTMLText.plain("&#128077;&#x1F44D;&bogus;&#0;&#xD800;") == "👍👍&bogus;&#0;&#xD800;")
    let long = String(repeating: "<", count: 100_000)
    #expect(HTMLText.plain(long).count == 100_000)
  }
}
