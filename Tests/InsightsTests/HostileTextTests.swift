import Foundation
import Insights
import JSON
import Support
import Testing

/// Everything that a chat can bring, in each place in which it is shown.
@Suite struct HostileTextTests {
  static let script = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"
  static let formula = "=cmd|'/C calc'!A0"
  static let escapes = "\u{1B}[2J\u{1B}]0;owned\u{07}\u{9B}31mred\u{7F}\u{8}"
  static let bidi = "pay\u{202E}tuoyap\u{2066}x\u{2069}\u{200F}\u{200B}\u{FEFF}\u{E0041}"

  private func update(_ text: String) throws -> WeeklyUpdate {
    let candidate = Candidate(id: .article("x/\(text)"), title: text, confidence: 0.5)
    var asked = Log.message(
      1,
      [
        Decision.Part(text: text, kind: .escalate),
        Decision.Part(text: "q", kind: .answer, matched: candidate.id, candidates: [candidate]),
      ], language: text)
    asked.agency = text
    return try Log.update(
      [asked], tickets: [Log.ticket(1, opened: 0, queue: text, question: text)],
      articles: [Log.article("id \(text)", title: text)], name: text)
  }

  private func listing(_ text: String) -> InteractionListing {
    var line = Log.message(1, [Decision.Part(text: text, kind: .answer, matched: .article(text))], language: text)
    line.agency = text
    line.author = text
    line.text = text
    return InteractionListing([line])
  }

  @Test func `a script in a question does not become a script in the page`() throws {
    let html = try update(Self.script).rendered(as: .html)
    #expect(!html.lowercased().contains("<script") && !html.lowercased().contains("<img"))
    #expect(html.contains("&lt;script&gt;"))
    #expect(!html.contains("javascript:") && !html.contains("http://") && !html.contains("https://"))
    #expect(html.contains("default-src 'none'"))
  }

  @Test func `a quote does not leave an attribute`() throws {
    let html = try update("\" onload=\"alert(1)\" x='").rendered(as: .html)
    #expect(!html.contains("\" onload=\"alert"))
  }

  @Test func `markup in a question stays text in Markdown`() throws {
    let text = "[click](javascript:x) **b** <b> `c` | a\n# head\n![i](u) @everyone"
    let markdown = try update(text).rendered(as: .markdown)
    #expect(markdown.contains("\\[click\\](javascript:x) \\*\\*b\\*\\* \\<b\\>"))
    #expect(!markdown.contains("\n# head") && !markdown.contains(" @everyone"))
  }

  @Test(arguments: [formula, "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", "\n=1", "=1,\"x\""])
  func `a formula in a cell is not run by a spreadsheet`(text: String) throws {
    for csv in [try update(text).rendered(as: .csv), listing(text).csv()] {
      for cell in CSVReader.rows(csv).joined() {
        let first = cell.first { !$0.isWhitespace }
        #expect(!["=", "@", "＝", "+"].contains(first.map(String.init) ?? ""), "\(cell)")
        #expect(cell.first != "-" || Double(cell) != nil)
        #expect(cell.first != "\t" && cell.first != "\r" && cell.first != "\n")
      }
    }
  }

  @Test func `quotes, commas, breaks, and a quote with an accent on it stay in their cell`() throws {
    let text = "a \"b\", c\r\nd\ne \"\u{301}, x"
    let rows = CSVReader.rows(listing(text).csv())
    #expect(rows.count == 2)
    #expect(Set(rows.map(\.count)).count == 1)
    #expect(rows.last?.last?.unicodeScalars.elementsEqual(text.unicodeScalars) == true)
    let weekly = CSVReader.rows(try update(text).rendered(as: .csv))
    #expect(Set(weekly.map(\.count)) == [6])
  }

  @Test func `escape sequences do not reach a terminal or a page`() throws {
    for colours in [false, true] {
      let table = listing(Self.escapes).table(width: 200, colours: colours)
      let stray = table.replacing(/\u{1B}\[[0-9]+m/, with: "").unicodeScalars.contains {
        $0 != "\n" && ($0.value < 0x20 || (0x7F...0x9F).contains($0.value))
      }
      #expect(!stray)
      #expect(table.contains("␛[2J"))
    }
    #expect(!listing(Self.escapes).table(width: 200, colours: false).contains("\u{1B}"))
    for format in [ReportFormat.html, .markdown, .csv] {
      let text = try update(Self.escapes).rendered(as: format)
      #expect(!text.unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{7}" || (0x7F...0x9F).contains($0.value) })
    }
  }

  @Test func `characters that turn the direction around or cannot be seen are left out`() throws {
    let unseen: Set<Unicode.Scalar> = [
      "\u{202E}", "\u{2066}", "\u{2069}", "\u{200F}", "\u{200B}", "\u{FEFF}", "\u{E0041}",
    ]
    let texts =
      try [ReportFormat.html, .markdown, .csv].map { try update(Self.bidi).rendered(as: $0) }
      + [listing(Self.bidi).table(width: 200, colours: true), listing(Self.bidi).csv()]
    for text in texts {
      #expect(!text.unicodeScalars.contains(where: unseen.contains))
      #expect(text.contains("paytuoyapx"))
    }
  }

  @Test func `joined emoji and words that need a joiner stay whole`() {
    let text = "👩‍👩‍👧 می‌خواهم é ไทย"
    #expect(listing(text).table(width: 400, colours: false).contains(text))
  }

  @Test func `a NUL is shown and cuts nothing off`() throws {
    let text = "before\0after"
    #expect(listing(text).table(width: 200, colours: false).contains("before␀after"))
    #expect(listing(text).csv().contains("before␀after"))
    #expect(listing(text).jsonLines().contains("before\\u0000after"))
    for format in [ReportFormat.html, .markdown, .csv] {
      let rendered = try update(text).rendered(as: format)
      #expect(rendered.contains("before␀after") && !rendered.contains("\0"))
    }
  }

  @Test func `a text of one megabyte is shortened where it is shown, and whole where it is kept`() throws {
    let text = String(repeating: "payout ", count: 150_000)
    let table = listing(text).table(width: 120, colours: false)
    #expect(table.split(separator: "\n").allSatisfy { $0.count <= 120 })
    #expect(listing(text).jsonLines().utf8.count > 3_000_000)
    #expect(listing(text).csv().utf8.count > text.utf8.count)
    for format in ReportFormat.allCases where format != .json {
      // The name of a topic and the id of an article are the workspace's own, and short there.
      #expect(try Log.update([Log.asked(1, text)]).rendered(as: format).utf8.count < 60_000)
    }
  }

  @Test func `marks piled on a letter do not run over the page`() throws {
    let text = "z" + String(repeating: "\u{0301}", count: 5000)
    #expect(listing(text).table(width: 100, colours: false).unicodeScalars.count < 1000)
  }

  @Test func `an unknown or hostile language is a language of its own, without a stemmer`() throws {
    let update = try Log.update(
      ["", "xx-\0", "../../etc", nil].enumerated().map {
        Log.message($0.offset, [Decision.Part(text: "hello there", kind: .escalate)], language: $0.element)
      })
    #expect(update.languages.map(\.count) == [1, 1, 1, 1])
    #expect(update.languages.map(\.language).contains("und"))
    #expect(update.unanswered.map(\.count) == [4])
  }
}

/// Reads RFC 4180, as strictly as these tests need it.
enum CSVReader {
  static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = String.UnicodeScalarView()
    var quoted = false
    var scalars = Array(text.unicodeScalars)[...]
    while let scalar = scalars.popFirst() {
      switch (scalar, quoted) {
      case ("\"", true) where scalars.first == "\"":
        cell.append("\"")
        scalars.removeFirst()
      case ("\"", _): quoted.toggle()
      case (",", false):
        row.append(String(cell))
        cell = String.UnicodeScalarView()
      case ("\r", false) where scalars.first == "\n":
        scalars.removeFirst()
        rows.append(row + [String(cell)])
        row = []
        cell = String.UnicodeScalarView()
      default: cell.append(scalar)
      }
    }
    return rows
  }
}
