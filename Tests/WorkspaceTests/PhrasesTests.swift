import Foundation
import Support
import Testing
import Workspace

@Suite struct PhrasesTests {
  static let languages = ["ar", "de", "en", "es", "fr", "id", "ja", "ko", "pt", "th", "tr", "vi"]

  @Test func theShippedFilesHaveNothingWrongWithThem() {
    #expect(ShippedPhrases.problems.isEmpty, "\(ShippedPhrases.problems.lines)")
    #expect(ShippedPhrases.all.map(\.language) == Self.languages)
  }

  @Test(arguments: languages)
  func everyShippedLanguageSaysAndUnderstandsEverything(language: String) throws {
    let phrases = try #require(ShippedPhrases.all.first { $0.language == language })
    let english = try #require(ShippedPhrases.all.first { $0.language == "en" })
    #expect(Phrases.Saying.allCases.filter { phrases.say[$0] == nil } == [])
    #expect(Phrases.Hearing.allCases.filter { phrases.hear[$0] == nil } == [])
    for (saying, template) in phrases.say {
      for name in saying.placeholders { #expect(template.contains("{\(name)}"), "\(language) \(saying)") }
      if language != "en", saying.placeholders.isEmpty { #expect(template != english.say[saying]) }
    }
    for hearing in Phrases.Hearing.allCases where hearing != .questionWords && hearing != .storyOpeners {
      #expect(phrases.hear[hearing]?.isEmpty == false, "\(language) \(hearing)")
    }
    #expect(phrases.weekdays.count == 7 && phrases.months.count == 12)
    #expect(Set(phrases.languageNames.keys).isSuperset(of: Self.languages))
    #expect(phrases.isRightToLeft == (language == "ar"))
  }

  @Test func aWorkspaceWithoutPhrasesSpeaksTheShippedLanguages() throws {
    let content = try #require(try WorkspaceFixture(["knowledge/a.md": WorkspaceFixture.article]).read().content)
    #expect(content.phrases == ShippedPhrases.all)
  }

  @Test func aWorkspacesOwnPhrasesGoOverTheShippedOnesKeyByKey() throws {
    let reading = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article,
      "phrases/own.yml": """
      language: es
      say:
        greeting: Muy buenas.
      hear:
        person: [jefa]
      """,
    ]).read()
    #expect(reading.problems.isEmpty, "\(reading.problems.lines)")
    let spanish = try #require(reading.content?.phrases.first { $0.language == "es" })
    let shipped = try #require(ShippedPhrases.all.first { $0.language == "es" })
    #expect(spanish.say[.greeting] == "Muy buenas." && spanish.hear[.person] == ["jefa"])
    #expect(spanish.say[.cancelled] == shipped.say[.cancelled] && spanish.hear[.yes] == shipped.hear[.yes])
    #expect(spanish.months == shipped.months)
  }

  @Test func aLanguageOfTheWorkspacesOwnIsReadWithAWarningOfWhatItLacks() throws {
    let reading = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article, "phrases/it.yml": "language: it\nsay: {greeting: Buongiorno.}\n",
    ]).read()
    #expect(reading.problems.places == ["warning phrases/it.yml:1:11"])
    #expect(reading.content?.phrases.count == 13)
    #expect(reading.content?.phrases.first { $0.language == "it" }?.say[.greeting] == "Buongiorno.")
  }

  @Test func aChangeOfPhrasesIsAChangeOfTheWorkspace() throws {
    let fixture = try WorkspaceFixture(["knowledge/a.md": WorkspaceFixture.article])
    let before = (WorkspaceFingerprint.of(fixture.folder), fixture.read().content?.version)
    try fixture.write("phrases/es.yml", Data("language: es\nsay: {greeting: Hola.}\n".utf8))
    #expect(WorkspaceFingerprint.of(fixture.folder) != before.0)
    #expect(fixture.read().content?.version != before.1)
  }

  @Test func twoFilesOfOneLanguageAreAnErrorThatNamesBoth() throws {
    let reading = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article, "phrases/a.yml": "language: es\n", "phrases/b.yml": "language: ES\n",
    ]).read()
    #expect(reading.content == nil)
    #expect(reading.problems.places == ["error phrases/b.yml:1:11"])
    #expect(reading.problems.lines.contains("phrases/a.yml:1:11"))
  }

  @Test(arguments: [
    BadInput("no map", "- hello\n", "error 1:1", says: "a file of phrases/"),
    BadInput("empty", "\n", "warning 1:1", says: "empty"),
    BadInput("not YAML", "say: [\n", "error 2:1", says: "not valid YAML"),
    BadInput("no language", "say: {greeting: Hi.}\n", "error 1:1", says: "'language' is missing"),
    BadInput("bad language tag", "language: klingonish\n", "error 1:11", says: "language tag"),
    BadInput("unknown part", "language: es\nsays: {}\n", "error 2:1", says: "Did you mean 'say'"),
    BadInput("unknown sentence", "language: es\nsay: {greting: Hi.}\n", "error 2:7", says: "Did you mean 'greeting'"),
    BadInput("unknown word list", "language: es\nhear: {yess: [si]}\n", "error 2:8", says: "Did you mean 'yes'"),
    BadInput("sentence is a list", "language: es\nsay: {greeting: [Hi]}\n", "error 2:17", says: "must be text"),
    BadInput("word list is text", "language: es\nhear: {yes: si}\n", "error 2:13", says: "must be a list"),
    BadInput("say is a list", "language: es\nsay: [Hi]\n", "error 2:6", says: "a map"),
    BadInput(
      "placeholder missing", "language: es\nsay: {ticket_added: Hecho.}\n", "error 2:21", says: "{ticket} is missing"),
    BadInput(
      "placeholder unknown", "language: es\nsay: {ticket_added: \"{ticket} {tiket}\"}\n", "error 2:21",
      says: "{tiket} is not known in 'ticket_added'; it has {ticket}. Did you mean 'ticket'?"),
    BadInput(
      "placeholder where there is none", "language: es\nsay: {greeting: \"Hola {name}\"}\n", "error 2:17",
      says: "it has none"),
    BadInput("direction", "language: es\ndirection: up\n", "error 2:12", says: "ltr or rtl"),
    BadInput("six weekdays", "language: es\ndates: {weekdays: [a, b, c, d, e, f]}\n", "error 2:19", says: "7 names"),
    BadInput("months no list", "language: es\ndates: {months: enero}\n", "error 2:17", says: "must be a list"),
    BadInput(
      "name of no language", "language: es\nlanguages: {english!: inglés}\n", "error 2:13", says: "no language tag"),
    BadInput(
      "twice the same key", "language: es\nsay: {greeting: a, greeting: b}\n", "error 2:20", says: "given twice"),
  ])
  func badPhrasesAreNamedWithTheirPlace(input: BadInput) throws {
    let fixture = try WorkspaceFixture(["phrases/a.yml": input.text, "knowledge/late.md": WorkspaceFixture.article])
    input.check(fixture.read().problems, file: "phrases/a.yml")
  }

  @Test func aFolderOfPhrasesAloneIsNoWorkspace() throws {
    let reading = try WorkspaceFixture(["phrases/es.yml": "language: es\n"]).read()
    #expect(reading.content == nil)
  }
}
