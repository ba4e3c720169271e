import Foundation
import Support
import Testing

@testable import Workspace

@Suite struct ChannelDraftTests {
  static func matrix(_ change: (inout ChannelDraft) -> Void = { _ in }) -> ChannelDraft {
    var draft = ChannelDraft(name: "rooms", type: "matrix")
    draft["homeserver"] = .text("https://matrix.example.org")
    draft["user"] = .text("@greenroom:example.org")
    draft["password"] = .secret(.environment("GREENROOM_MATRIX_PASSWORD"))
    change(&draft)
    return draft
  }

  @Test func `a draft is read as greenroom-yml would be`() throws {
    let (settings, problems) = Self.matrix {
      $0["wait"] = .text("10")
      $0["typing"] = .text("no")
      $0["invites_from"] = .words(["example.org", "@anna:other.org"])
      $0["rooms"] = .rooms([.init(id: "!a:example.org", answering: .never)])
    }.read()
    #expect(problems == [])
    guard case .matrix(let matrix) = try #require(settings).kind else { return #expect(Bool(false)) }
    #expect(matrix.user == "@greenroom:example.org" && matrix.waitSeconds == 10 && !matrix.showsTyping)
    #expect(matrix.inviters == ["example.org", "@anna:other.org"])
    #expect(matrix.rooms == ["!a:example.org": RoomSettings(answering: .never)])
    #expect(matrix.authentication == .password(.environment("GREENROOM_MATRIX_PASSWORD")))
  }

  static let wrong: [(String, @Sendable (inout ChannelDraft) -> Void)] = [
    ("homeserver", { $0["homeserver"] = .text("matrix.example.org") }),
    ("homeserver", { $0["homeserver"] = .text("https://user:pass@example.org") }),
    ("user", { $0["user"] = .text("greenroom") }), ("groups", { $0["groups"] = .text("sometimes") }),
    ("wait", { $0["wait"] = .text("61") }), ("invites_from", { $0["invites_from"] = .words(["a b", "ok.org"]) }),
    ("rooms", { $0["rooms"] = .rooms([.init(id: "!ok:a.org"), .init(id: "#name:a.org")]) }),
    ("nonsense", { $0["nonsense"] = .text("x") }), ("password", { $0["password"] = .secret(.environment("9 lives")) }),
    ("name", { $0.name = "../x" }), ("name", { $0.name = "." }), ("name", { $0.name = ".hidden" }),
    ("name", { $0.name = "a b" }), ("name", { $0.name = "" }),
    ("name", { $0.name = String(repeating: "a", count: 65) }),
    ("name", { $0.name = "a\nb" }),
  ]

  @Test(arguments: wrong.indices)
  func `what is wrong is told of the key that it stands behind`(_ number: Int) {
    let (key, change) = Self.wrong[number]
    let (settings, problems) = Self.matrix(change).read()
    #expect(settings == nil)
    #expect(problems.contains { $0.key == key }, "\(problems)")
  }

  @Test func `what is missing is told of no key`() {
    let problems = Self.matrix { $0["user"] = nil }.read().problems
    #expect(problems.count == 1 && problems[0].key == nil && problems[0].message.contains("'user' is missing"))
  }

  /// Nothing that a person enters becomes anything but the text of one value.
  @Test func `no answer breaks out of its value`() throws {
    let hostile = [
      "a: b", "x # y", "*alias", "&a", "!tag", "{a: b}", "[a]", "- a", "null", "~", "true", "no", "1e3", "0x10",
      "2026-11-23", "'", "\"",
      "\\", "a\nname: evil", "a\r\nb", "\u{0}", "\u{1B}[2J", "\u{2028}", "\u{FEFF}", "日本", "🙂", "|", ">", "%a", "@a",
      "`", ",", "?", ":",
      "a:", "-", "---", "...", "\t", "\u{85}", "x\u{202E}y",
    ]
    for text in hostile {
      var draft = ChannelDraft(name: "w", type: "webhook")
      draft["url"] = .text("https://a.example/m")
      draft["reply_url"] = .text("https://a.example/r")
      draft["ignore_senders"] = .words([text, "last"])
      draft["auth"] = .secretBelow("bearer", .file(text))
      let (settings, problems) = draft.read()
      guard case .webhook(let webhook)? = settings?.kind else {
        // Blank is an error of its own.
        let isBlank = text.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty
        #expect(isBlank || text == "\u{0}" || text == "\u{FEFF}", "\(text.debugDescription): \(problems)")
        continue
      }
      let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
      #expect(webhook.ignoredSenders == [trimmed, "last"], "\(text.debugDescription)")
      #expect(webhook.authentication == .bearer(.file(trimmed)), "\(text.debugDescription)")
      #expect(settings?.name == "w")
    }
  }

  @Test func `secrets fetched from elsewhere are fetched from there alone`() {
    let draft = Self.matrix().fetchingSecrets(from: .environment("OTHER"))
    #expect(draft["password"] == .secret(.environment("OTHER")))
    #expect(draft["user"] == .text("@greenroom:example.org"))
  }
}
