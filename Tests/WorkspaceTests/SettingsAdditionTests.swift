import Foundation
import Support
import Testing

@testable import Workspace

@Suite struct SettingsAdditionTests {
  static let draft: ChannelDraft = {
    var draft = ChannelDraft(name: "rooms", type: "telegram")
    draft["token"] = .secret(.file("var/secrets/rooms"))
    draft["rooms"] = .rooms([.init(id: "-1001234567890", answering: .always), .init(id: "-5")])
    return draft
  }()

  static let entry = [
    "- name: rooms", "  type: telegram", "  token: {file: var/secrets/rooms}", "  rooms:",
    "    - {room: \"-1001234567890\", answer: always}", "    - {room: \"-5\"}",
  ]

  static func entry(_ margin: Int, _ lineBreak: String = "\n") -> String {
    entry.map { String(repeating: " ", count: margin) + $0 + lineBreak }.joined()
  }

  static func adding(_ text: String, _ draft: ChannelDraft = draft) throws -> String {
    String(decoding: try SettingsAddition(draft).adding(to: Array(text.utf8)), as: UTF8.self)
  }

  @Test func `no file, an empty one, and one of comments get a list of their own`() throws {
    #expect(try Self.adding("") == "channels:\n" + Self.entry(2))
    #expect(try Self.adding("# mine\n\n") == "# mine\n\nchannels:\n" + Self.entry(2))
    #expect(try Self.adding("# mine") == "# mine\nchannels:\n" + Self.entry(2))
  }

  @Test func `settings without channels get them at their end`() throws {
    #expect(
      try Self.adding("name: A # a\ndesk:\n  queues: [x]\n")
        == "name: A # a\ndesk:\n  queues: [x]\nchannels:\n" + Self.entry(2))
    #expect(try Self.adding("name: A") == "name: A\nchannels:\n" + Self.entry(2))
    #expect(try Self.adding("---\nname: A\n") == "---\nname: A\nchannels:\n" + Self.entry(2))
    #expect(try Self.adding("  name: A\n") == "  name: A\n  channels:\n" + Self.entry(4))
  }

  static let empties = [
    "channels:", "channels: []", "channels: [ ]  # none yet", "channels: ~", "'channels': null", "channels: # none",
  ]

  @Test(arguments: empties)
  func `an empty list, however it is written, is filled`(_ line: String) throws {
    let after = try Self.adding("name: A\n\(line)\ndesk: {queues: [x]}\n")
    let comment = line.firstIndex(of: "#").map { "#" + line[line.index(after: $0)...] } ?? ""
    #expect(after.contains("\n" + Self.entry(2) + "desk: {queues: [x]}\n"))
    #expect(comment.isEmpty || after.contains(comment))
  }

  static let webhook = "name: w\n%type: webhook\n%url: https://a.example/m\n%reply_url: https://a.example/r\n"

  @Test(arguments: [0, 2, 4])
  func `behind the last channel, indented as it is`(_ margin: Int) throws {
    let blanks = String(repeating: " ", count: margin)
    let first = blanks + "- " + Self.webhook.replacing("%", with: blanks + "  ")
    let after = try Self.adding("channels:\n\(first)name: A\n")
    #expect(after == "channels:\n\(first)\(Self.entry(margin))name: A\n")
    #expect(try Self.adding("channels:\n\(first)") == "channels:\n\(first)\(Self.entry(margin))")
    #expect(try Self.adding("channels:\n\(first.dropLast())") == "channels:\n\(first)\(Self.entry(margin))")
  }

  @Test func `comments and blank lines stay with what they are about`() throws {
    let first = "  - " + Self.webhook.replacing("%", with: "    ")
    let text =
      "# top\nchannels:  # all\n  # the vendor\n\(first)    # of the vendor\n\n# the desk\ndesk: {queues: [x]} # q\n"
    #expect(
      try Self.adding(text)
        == "# top\nchannels:  # all\n  # the vendor\n\(first)    # of the vendor\n\(Self.entry(2))\n# the desk\ndesk: {queues: [x]} # q\n"
    )
    let commentedOut = "channels:\n\(first)  # - name: old\n  #   type: matrix\n"
    #expect(try Self.adding(commentedOut) == "channels:\n\(first)\(Self.entry(2))  # - name: old\n  #   type: matrix\n")
  }

  @Test func `CRLF stays CRLF`() throws {
    let text = "name: A\r\nchannels: []\r\ndesk: {queues: [x]}\r\n"
    #expect(try Self.adding(text) == "name: A\r\nchannels:\r\n" + Self.entry(2, "\r\n") + "desk: {queues: [x]}\r\n")
    #expect(try Self.adding("name: A\r\n") == "name: A\r\nchannels:\r\n" + Self.entry(2, "\r\n"))
  }

  @Test func `a byte order mark stays`() throws {
    #expect(try Self.adding("\u{FEFF}name: A\n") == "\u{FEFF}name: A\nchannels:\n" + Self.entry(2))
  }

  @Test func `a dash on a line of its own`() throws {
    let text = "channels:\n  -\n    " + Self.webhook.replacing("%", with: "    ")
    #expect(try Self.adding(text) == text + Self.entry(2))
  }

  @Test func `a channel that is broken keeps nobody from adding another`() throws {
    let text = "channels:\n  - name: old\n    type: matrix\n"
    #expect(try Self.adding(text) == text + Self.entry(2))
  }

  @Test func `a name that is taken, also by a channel that cannot be read`() throws {
    for text in ["channels:\n  - name: rooms\n    type: matrix\n", "channels: [{name: rooms}]\n"] {
      #expect(throws: SettingsAddition.Obstacle.nameTaken(line: text.hasPrefix("channels:\n") ? 2 : 1)) {
        _ = try Self.adding(text)
      }
    }
  }

  static let forPeople: [(String, String)] = [
    ("brackets", "channels: [{name: w, type: webhook}]\n"), ("brackets over lines", "channels: [\n]\n"),
    ("an alias", "x: &a []\nchannels: *a\n"), ("braces", "{name: A}\n"), ("braces over lines", "{\n  name: A\n}\n"),
    ("two documents", "name: A\n---\nname: B\n"), ("an end mark", "name: A\n...\n"), ("a list", "- a\n"),
    ("a word", "hello\n"), ("channels as a map", "channels: {name: w}\n"), ("channels as a word", "channels: none\n"),
    ("channels in a block", "channels: |\n  text\n"), ("no YAML", "name: [\n"), ("a tab", "\tname: A\n"),
    ("an anchor", "channels: &all\n  - name: w\n"), ("two lists", "channels: []\nchannels: []\n"),
  ]

  @Test(arguments: forPeople.indices)
  func `what is better left to a person`(_ number: Int) throws {
    let (name, text) = Self.forPeople[number]
    do {
      let after = try Self.adding(text)
      // An anchor stands in nobody's way as long as it is the same afterwards.
      #expect(name == "an anchor" && after.hasPrefix(text), "\(name): \(after)")
    } catch let error as SettingsAddition.Obstacle {
      guard case .needsPerson(let reason) = error else {
        Issue.record("\(name): \(error)")
        return
      }
      #expect(!reason.isEmpty)
    }
  }

  @Test func `bytes that are no text`() {
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x6E, 0x00], [0xC3, 0x28], Array("name: A\u{0}\n".utf8)] {
      #expect(throws: SettingsAddition.Obstacle.self) { _ = try SettingsAddition(Self.draft).adding(to: bytes) }
    }
  }

  /// Whatever the file: either all that was there is there, in order, and one channel more; or nothing is done.
  @Test func `what is added takes nothing away`() throws {
    var random = SystemRandomNumberGenerator()
    let pieces = [
      "name: A", "channels:", "  - name: w", "    type: webhook", "- name: v", "[]", "# c", "", "  ", "desk:", "{", "}",
      "---", "...",
      "  queues: [x]", "channels: []", ": |", "&a", "*a", "\t", "'", "\"", "chat: {enabled: no}",
      "    url: https://a.example/m",
      "    reply_url: https://a.example/r", "flood: {messages: 5}",
    ]
    var added = 0
    for _ in 0..<2_000 {
      let count = Int.random(in: 0..<10, using: &random)
      let lineBreak = Bool.random(using: &random) ? "\n" : "\r\n"
      let text = (0..<count).map { _ in (pieces.randomElement(using: &random) ?? "") + lineBreak }.joined()
      guard let after = try? Self.adding(text) else { continue }
      added += 1
      var rest = Self.lines(after)[...]
      for line in Self.lines(text) {
        guard let place = rest.firstIndex(of: line) else {
          Issue.record("lost '\(line)' of:\n\(text)\nin:\n\(after)")
          return
        }
        rest = rest[(place + 1)...]
      }
    }
    #expect(added > 50)
  }

  /// Without what an empty list was written with.
  private static func lines(_ text: String) -> [String] {
    text.unicodeScalars.split(separator: "\n").map {
      String($0).replacing("[]", with: "").trimmingCharacters(in: .whitespacesAndNewlines)
    }
  }
}
