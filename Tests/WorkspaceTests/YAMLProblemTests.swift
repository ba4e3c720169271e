import Foundation
import Support
import Testing
import Workspace

@Suite("Files that are no good YAML are refused with a place")
struct YAMLProblemTests {
  static let bad: [BadInput] = [
    BadInput("tab for indentation", "intents:\n\t- id: a\n", "error 2:1", says: "a tab cannot indent"),
    BadInput("open quote", "intents:\n  - id: 'a\n", "error 2:9", says: "quoted scalar"),
    BadInput("open bracket", "out_of_scope: [a, b\n", "error 1:15", says: "not valid YAML"),
    BadInput(
      "text that begins with @", "out_of_scope:\n  - @handle\n", "error 2:5", says: "begins with @ needs quotes"),
    BadInput("text that begins with *", "out_of_scope:\n  - *bold* words\n", "error 2:10", says: "needs quotes"),
    BadInput("a colon in text", "out_of_scope:\n  - a: b: c\n", "error 2:9", says: "needs quotes"),
    BadInput("two documents", "out_of_scope: [a]\n---\nout_of_scope: [b]\n", "error 2:1", says: "second YAML document"),
    BadInput(
      "key twice", "out_of_scope: [a]\nintents: []\nout_of_scope: [b]\n", "error 3:1",
      says: "the first is at line 1, column 1"),
    BadInput(
      "key twice in braces", "entities: [{name: a, values: {x: [y]}, name: b}]\n", "error 1:40",
      says: "the first is at line 1, column 13"),
    BadInput("key twice, once quoted", "out_of_scope: [a]\n'out_of_scope': [b]\n", "error 2:1", says: "given twice"),
    BadInput(
      "key twice, deep", "intents:\n  - id: a\n    title: A\n    answer: x\n    examples:\n      - y\n    title: B\n",
      "error 7:5", says: "line 3, column 5"),
    BadInput("a list as a key", "? [a, b]\n: c\n", "error 1:3", says: "plain text"),
    BadInput("a tag of a program", "out_of_scope: !include other.yml\n", "error 1:15", says: "tag !include"),
    BadInput("an alias of nothing", "out_of_scope: *none\n", "error 1:15", says: "No anchor"),
    BadInput(
      "a merge of text", "entities: [{<<: a, name: b, values: {c: [d]}}]\n", "error 1:13", says: "<< takes a map"),
    BadInput("NUL", "out_of_scope:\n  - a\0b\n", "error 2:6", says: "NUL"),
    BadInput("control character", "out_of_scope:\n  - \u{7}\n", "error 2:5", says: "U+0007"),
    BadInput("delete", "out_of_scope: [a\u{7F}]\n", "error 1:17", says: "U+007F"),
  ]

  @Test(arguments: bad) func isNamed(_ input: BadInput) throws {
    input.check(try problemsOfIntents(input.text), file: "intents/a.yml")
  }

  @Test func aRepeatedKeyHidesNothingElse() throws {
    let problems = try problemsOfIntents(
      "out_of_scope: [a]\nout_of_scope: [b]\nintents:\n  - id: X\n    id: Y\n    title: A\n    zzz: 1\n    answer: x\n    examples: [x]\n"
    )
    #expect(
      problems.places == [
        "error intents/a.yml:2:1", "error intents/a.yml:4:9", "error intents/a.yml:5:5", "error intents/a.yml:7:5",
      ], "\(problems.lines)")
  }

  private func read(_ bytes: [UInt8]) throws -> [Problem] {
    let fixture = try WorkspaceFixture()
    try fixture.write("intents/a.yml", Data(bytes))
    return fixture.read().problems
  }

  @Test func aFileThatIsNotUTF8IsRefusedWhereItGoesWrong() throws {
    let problems = try read(Array("out_of_scope:\n  - caf".utf8) + [0xE9, 0x0A])
    #expect(problems.places == ["error intents/a.yml:2:8"] && problems[0].message.contains("UTF-8"))
  }

  @Test func aFileInUTF16IsNamedAsSuch() throws {
    let problems = try read([0xFF, 0xFE] + Array("a\0b\0".utf8))
    #expect(problems.places == ["error intents/a.yml:1:1"] && problems[0].message.contains("UTF-16"))
  }

  @Test func aHugeFileIsRefusedUnread() throws {
    let problems = try read([UInt8](repeating: UInt8(ascii: "#"), count: 8 * 1024 * 1024 + 1))
    #expect(problems.places == ["error intents/a.yml:1:1"] && problems[0].message.contains("8 MiB"))
  }

  /// Nine levels of nine aliases: 400 million values.
  private func bomb(_ last: String) -> String {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      text += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", "))]\n"
    }
    return text + last
  }

  @Test func aBombOfAliasesIsRefused() throws {
    let problems = try problemsOfIntents(bomb("out_of_scope: *a9\n"))
    #expect(problems.contains { $0.severity == .error && $0.message.contains("Aliases") }, "\(problems.lines)")
  }

  @Test(arguments: ["*a9 : x\n", "? *a9\n: x\n", "b: {*a9 : x}\n", "b: {[*a9]: x}\n", "? [*a9]\n: x\n"])
  func aBombOfAliasesInAKeyIsRefused(_ last: String) throws {
    let problems = try problemsOfIntents(bomb(last))
    #expect(problems.contains { $0.severity == .error && $0.message.contains("key must be plain text") })
  }

  @Test func aKeyThatBeginsWithALineIsNoAlias() throws {
    #expect(try problemsOfIntents("entities: [{name: a, values: {_x: &w [\"*\"], _y: [b]}}]\n").isEmpty)
  }

  @Test(arguments: [65, 900, 5000, 200_000]) func valuesNestedTooDeeplyAreRefused(_ depth: Int) throws {
    let problems = try problemsOfIntents(
      "out_of_scope: " + String(repeating: "[", count: depth) + String(repeating: "]", count: depth))
    #expect(problems.contains { $0.severity == .error && $0.message.contains("deep") }, "\(problems.lines.prefix(500))")
  }

  @Test func blocksNestedTooDeeplyAreRefused() throws {
    let problems = try problemsOfIntents("out_of_scope:\n  " + String(repeating: "- ", count: 3000) + "x\n")
    #expect(problems.contains { $0.severity == .error && $0.message.contains("deep") }, "\(problems.lines.prefix(500))")
  }
}
