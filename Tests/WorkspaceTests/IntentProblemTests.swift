import Support
import Testing
import Workspace

@Suite("What is wrong with intents is named with its place")
struct IntentProblemTests {
  /// An intent in whose second line something is put.
  private static func intent(_ rest: String, id: String = "a") -> String {
    "intents:\n  - id: \(id)\n    title: A\n    examples: [hello]\n    \(rest)\n"
  }

  static let bad: [BadInput] = [
    BadInput("unknown key", intent("answer: x\n    exampels: [y]"), "error 6:5", says: "Did you mean 'examples'?"),
    BadInput("unknown key of the file", "intent:\n  - x\n", "error 1:1", says: "Did you mean 'intents'?"),
    BadInput(
      "unknown key, nothing near", intent("answer: x\n    zzz: y"), "error 6:5",
      says: "'zzz' is not known in an intent."),
    BadInput("file is a list", "- id: a\n", "error 1:1", says: "found a list"),
    BadInput("file is text", "hello\n", "error 1:1", says: "found text"),
    BadInput("empty file", "", "warning 1:1", says: "empty"),
    BadInput("only comments", "# nothing\n", "warning 1:1", says: "empty"),
    BadInput("intents is a map", "intents:\n  id: a\n", "error 2:3", says: "'intents' must be a list; found a map"),
    BadInput("an intent is text", "intents:\n  - hello\n", "error 2:5", says: "Here an intent is expected"),
    BadInput(
      "id missing", "intents:\n  - title: A\n    examples: [x]\n    answer: y\n", "error 2:5", says: "'id' is missing"),
    BadInput(
      "title missing", "intents:\n  - id: a\n    examples: [x]\n    answer: y\n", "warning 2:5",
      says: "'title' is missing"),
    BadInput(
      "title empty", "intents:\n  - id: a\n    title: ''\n    examples: [x]\n    answer: y\n", "error 3:12",
      says: "is empty"),
    BadInput(
      "title a map", "intents:\n  - id: a\n    title: {x: y}\n    examples: [x]\n    answer: y\n", "error 3:12",
      says: "'title' must be text; found a map"),
    BadInput("id in upper case", intent("answer: x", id: "Payout"), "error 2:9", says: "lower-case words"),
    BadInput("id with a blank", intent("answer: x", id: "payout late"), "error 2:9", says: "lower-case words"),
    BadInput("id with an underscore", intent("answer: x", id: "payout_late"), "error 2:9", says: "lower-case words"),
    BadInput("id ends in a dash", intent("answer: x", id: "payout-"), "error 2:9", says: "lower-case words"),
    BadInput("language unknown", intent("answer: x\n    language: pt_BR"), "error 6:15", says: "Did you mean 'pt-BR'?"),
    BadInput("language a word", intent("answer: x\n    language: english"), "error 6:15", says: "language tag"),
    BadInput("priority a word", intent("answer: x\n    priority: high"), "error 6:15", says: "whole number"),
    BadInput("priority a fraction", intent("answer: x\n    priority: 1.5"), "error 6:15", says: "whole number"),
    BadInput(
      "priority too large", intent("answer: x\n    priority: 99999999999999999999"), "error 6:15", says: "whole number"),
    BadInput("priority quoted", intent("answer: x\n    priority: '5'"), "error 6:15", says: "without quotes"),
    BadInput(
      "examples are text", "intents:\n  - id: a\n    title: A\n    examples: hello\n    answer: y\n", "error 4:15",
      says: "Write [hello]."),
    BadInput(
      "an example is a map", "intents:\n  - id: a\n    title: A\n    examples:\n      - why: this\n    answer: y\n",
      "error 5:9", says: "must be text; found a map"),
    BadInput(
      "an example is empty", "intents:\n  - id: a\n    title: A\n    examples:\n      - x\n      -\n    answer: y\n",
      "error 6:8", says: "is empty"),
    BadInput("nothing is done", intent("priority: 1"), "error 2:5", says: "does nothing"),
    BadInput(
      "two things are done", intent("answer: x\n    escalate: {queue: q}"), "error 6:5", says: "'answer' and 'escalate'"
    ),
    BadInput("answer empty", intent("answer:"), "error 5:5", says: "'answer' is missing"),
    BadInput("article not there", intent("article: lat"), "error 5:14", says: "Did you mean 'late'?"),
    BadInput("article with its ending", intent("article: late.md"), "error 5:14", says: "Did you mean 'late'?"),
    BadInput("article with its folder", intent("article: knowledge/late"), "error 5:14", says: "Did you mean 'late'?"),
    BadInput("escalation is text", intent("escalate: payouts"), "error 5:15", says: "Here an escalation is expected"),
    BadInput(
      "escalation has an unknown key", intent("escalate: {queu: x}"), "error 5:16", says: "Did you mean 'queue'?"),
    BadInput("escalation empty", intent("escalate:"), "error 5:5", says: "'escalate' is missing"),
    BadInput(
      "priority of a ticket unknown", intent("escalate: {queue: q, priority: hihg}"), "error 5:36",
      says: "Did you mean 'high'?"),
    BadInput(
      "priority of a ticket a number", intent("escalate: {queue: q, priority: 1}"), "error 5:36",
      says: "low, normal, high or urgent"),
    BadInput("tags are text", intent("escalate: {queue: q, tags: money}"), "error 5:32", says: "Write [money]."),
    BadInput(
      "pattern does not compile", intent("answer: x\n    patterns:\n      - 'a(b'"), "error 7:9",
      says: "does not compile"),
    BadInput(
      "pattern looks back", intent(#"answer: x"# + "\n    patterns: ['(?<=a)b']"), "error 6:16",
      says: "does not compile"),
    BadInput(
      "pattern matches everything", intent("answer: x\n    patterns: ['a*']"), "warning 6:16", says: "every message"),
    BadInput(
      "keywords are a list", intent("answer: x\n    keywords: [a]"), "error 6:15", says: "Here keywords is expected"),
    BadInput("keyword empty", intent("answer: x\n    keywords: {any: ['']}"), "error 6:22", says: "is empty"),
    BadInput(
      "keywords have an unknown key", intent("answer: x\n    keywords: {som: [a]}"), "error 6:16",
      says: "not known in keywords"),
    BadInput("keywords empty", intent("answer: x\n    keywords: {}"), "warning 6:15", says: "are empty"),
    BadInput(
      "keywords forbid only", intent("answer: x\n    keywords: {none: [a]}"), "warning 6:15", says: "'none' alone"),
    BadInput(
      "nothing reaches it", "intents:\n  - id: a\n    title: A\n    answer: y\n", "warning 2:9",
      says: "Nothing reaches this intent"),
    BadInput(
      "the same example twice", "intents:\n  - id: a\n    title: A\n    examples: [x, X]\n    answer: y\n",
      "warning 4:19", says: "the first is at line 4"),
    BadInput(
      "the same id twice", intent("answer: x") + "  - {id: a, title: B, examples: [y], answer: z}\n", "error 6:10",
      says: "the first is at intents/a.yml:2:9"),
    BadInput(
      "the same example in two intents", intent("answer: x") + "  - {id: b, title: B, examples: [hello], answer: z}\n",
      "warning 6:34", says: "'a' has the same example, at intents/a.yml:4:16"),
    BadInput("slot is text", intent("answer: x\n    slots: [handle]"), "error 6:13", says: "Here a slot is expected"),
    BadInput(
      "slot without a name", intent("answer: x\n    slots: [{entity: text, ask: what}]"), "error 6:13",
      says: "'name' is missing"),
    BadInput(
      "slot without a question", intent("answer: x\n    slots: [{name: a, entity: text}]"), "error 6:13",
      says: "'ask' is missing"),
    BadInput(
      "slot without an entity", intent("answer: x\n    slots: [{name: a, ask: what}]"), "error 6:13",
      says: "'entity' is missing"),
    BadInput(
      "slot with an empty question", intent("answer: x\n    slots: [{name: a, entity: text, ask: ' '}]"), "error 6:42",
      says: "is empty"),
    BadInput(
      "slot of an unknown entity", intent("answer: x\n    slots: [{name: a, entity: handel, ask: what}]"), "error 6:31",
      says: "Did you mean 'handle'?"),
    BadInput(
      "slot required is a word", intent("answer: x\n    slots: [{name: a, entity: text, ask: b, required: maybe}]"),
      "error 6:55", says: "true or false"),
    BadInput(
      "two slots of one name",
      intent("answer: x\n    slots: [{name: a, entity: text, ask: b}, {name: a, entity: url, ask: c}]"), "error 6:53",
      says: "the first is at line 6"),
    BadInput("entity without values", "entities:\n  - name: tier\n", "error 2:5", says: "'values' is missing"),
    BadInput(
      "entity values are a list", "entities:\n  - name: tier\n    values: [a]\n", "error 3:13", says: "must be a map"),
    BadInput(
      "entity words are text", "entities:\n  - name: tier\n    values: {a: b}\n", "error 3:17", says: "must be a list"),
    BadInput(
      "entity defined twice", "entities:\n  - {name: tier, values: {a: [b]}}\n  - {name: tier, values: {a: [b]}}\n",
      "error 3:12", says: "the first is at intents/a.yml:2:12"),
    BadInput("entity is built in", "entities:\n  - {name: date, values: {a: [b]}}\n", "error 2:12", says: "built in"),
    BadInput(
      "a word of two values", "entities:\n  - {name: tier, values: {a: [x], b: [x]}}\n", "warning 2:39",
      says: "stands for 'a' as well"),
    BadInput(
      "a mark that is nearly an entity",
      intent("answer: x\n    slots: [{name: a, entity: text, ask: b}]").replacing("[hello]", with: "['[you](handl)']"),
      "warning 4:16", says: "Did you mean 'handle'?"),
    BadInput("out of scope is text", "out_of_scope: pizza\n", "error 1:15", says: "Write [pizza]."),
    BadInput("a list left empty", intent("answer: x\n    slots:"), "warning 6:5", says: "'slots' is empty"),
  ]

  @Test(arguments: bad) func isNamed(_ input: BadInput) throws {
    input.check(try problemsOfIntents(input.text), file: "intents/a.yml")
  }

  @Test func anAnswerThatIsForStaffIsAnError() throws {
    let reading = try WorkspaceFixture([
      "intents/a.yml": Self.intent("article: s"), "knowledge/s.md": "---\ntitle: S\naudience: staff\n---\nSecret.",
    ]).read()
    #expect(reading.content == nil && reading.problems.places == ["error intents/a.yml:5:14"])
  }

  @Test func aListMayBeDefinedInAnotherFile() throws {
    let reading = try WorkspaceFixture([
      "intents/a.yml": Self.intent("answer: x\n    slots: [{name: a, entity: tier, ask: b}]"),
      "intents/z.yml": "entities: [{name: tier, values: {a: [b]}}]",
    ]).read()
    #expect(reading.problems.isEmpty && reading.content?.intents[0].slots[0].entity == .list("tier"))
  }

  @Test func aMarkMayNameWhatNoListKnows() throws {
    #expect(try problemsOfIntents(Self.intent("answer: x").replacing("[hello]", with: "['[May](month)']")).isEmpty)
  }

  @Test func aBrokenFileHidesNothingAndCausesNothing() throws {
    let reading = try WorkspaceFixture([
      "intents/a.yml": Self.intent("article: gone\n    slots: [{name: a, entity: tier, ask: b}]"),
      "intents/b.yml": "entities: [\n", "knowledge/broken.md": "---\ntitle: 'x\n---\nBody",
      "intents/c.yml": Self.intent("article: broken", id: "c"),
    ]).read()
    #expect(reading.content == nil)
    #expect(
      reading.problems.places == [
        "error intents/a.yml:5:14", "error intents/b.yml:2:1", "warning intents/c.yml:4:16",
        "error knowledge/broken.md:2:8",
      ], "\(reading.problems.lines)")
  }
}
