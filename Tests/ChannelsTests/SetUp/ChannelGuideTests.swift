import Foundation
import Support
import Testing

@testable import Channels

/// What the guides say is what the pages say.
@Suite struct ChannelGuideTests {
  static func page(_ guide: ChannelGuide) throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: guide.page), encoding: .utf8)
  }

  /// Words alone, as lines are broken elsewhere in another text.
  static func words(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test(arguments: ChannelGuide.all.map(\.kind))
  func `each name of a button, each thing to paste, each key and each variable stands on the page`(
    _ kind: String
  ) throws {
    let guide = try #require(ChannelGuide.of(kind))
    let page = try Self.page(guide)
    let words = Self.words(page)
    for case .step(let text) in guide.parts {
      let names = text.split(separator: "**", omittingEmptySubsequences: false).enumerated().filter {
        $0.offset % 2 == 1
      }
      for name in names { #expect(words.contains("**\(name.element)**"), "\(name.element)") }
      for address in text.matches(of: /https:\/\/[a-z0-9.\/-]*[a-z0-9]/) { #expect(page.contains(address.0)) }
    }
    for case .paste(let text) in guide.parts {
      #expect(words.contains(Self.words(text)), "\(text)")
    }
    for question in guide.questions { #expect(page.contains(question.key), "\(question.key)") }
    for way in guide.secret?.ways ?? [] where way.key != nil {
      #expect(page.contains(way.keyBelow ?? way.key ?? ""))
    }
    #expect(page.contains(guide.secret?.ways.first?.variable ?? ""))
    #expect(page.contains("greenroom channel add \(kind)"))
    #expect(page.contains("pictures/\(kind).svg"))
  }

  @Test func `every kind has a guide, and its picture is there`() throws {
    #expect(Set(ChannelGuide.all.map(\.kind)) == ["matrix", "telegram", "slack", "lark", "discord", "webhook"])
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    for guide in ChannelGuide.all {
      let picture = try String(contentsOf: root.appending(path: "docs/pictures/\(guide.kind).svg"), encoding: .utf8)
      #expect(picture.contains("<title") && picture.hasSuffix("</svg>\n"))
      #expect(!picture.contains("<script") && !picture.contains("http-equiv"))
    }
  }

  @Test func `answers of every form, and those that are none`() throws {
    let rooms = ChannelGuide.Question(key: "rooms", text: "", form: .rooms, sample: "")
    #expect(
      try rooms.value(of: " -5=always, !a:b.org =never".replacing(" =", with: "="))
        == .rooms([.init(id: "-5", answering: .always), .init(id: "!a:b.org", answering: .never)]))
    #expect(try rooms.value(of: "a=b") == .rooms([.init(id: "a=b")]))
    #expect(throws: ChannelGuide.Question.Problem.self) { _ = try rooms.value(of: "=always") }
    #expect(try rooms.value(of: "   ") == nil)
    let choice = ChannelGuide.Question(key: "c", text: "", form: .choice(["always", "never"]), sample: "")
    #expect(try choice.value(of: "Always") == .text("always"))
    #expect(throws: ChannelGuide.Question.Problem.self) { _ = try choice.value(of: "often") }
    let words = ChannelGuide.Question(key: "w", text: "", form: .words, sample: "")
    #expect(try words.value(of: "a,b  c,,") == .words(["a", "b", "c"]))
  }

  @Test func `a secret is taken from no command line`() throws {
    for guide in ChannelGuide.all {
      for key in (guide.secret?.ways ?? []).compactMap(\.key) + ["name", "type"] {
        var draft = ChannelDraft(name: "x", type: guide.kind)
        let problem = #expect(throws: ChannelGuide.Question.Problem.self) {
          try guide.set(key, to: "s3cret", in: &draft)
        }
        #expect(problem?.description.contains("s3cret") == false && draft.fields.isEmpty)
      }
    }
  }

  @Test func `answers come in the guide's order, whatever theirs`() throws {
    let guide = ChannelGuide.matrix
    var draft = ChannelDraft(name: "x", type: "matrix")
    try guide.set("wait", to: "5", in: &draft)
    try guide.set("user", to: "@a:b", in: &draft)
    draft["password"] = .secret(.environment("P"))
    try guide.set("homeserver", to: "https://a", in: &draft)
    #expect(guide.inOrder(draft).fields.map(\.key) == ["homeserver", "user", "password", "wait"])
    #expect(guide.missing(in: ChannelDraft(name: "x", type: "matrix")).map(\.key) == ["homeserver", "user"])
  }
}
