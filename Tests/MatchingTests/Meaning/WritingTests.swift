import Support
import Testing

@testable import Matching

@Suite struct WritingTests {
  private func writing(_ content: WorkspaceContent) -> Writing {
    var reader = WritingReader(Catalogue(content))
    reader.read()
    return Writing(
      lines: reader.lines, passages: reader.passages, topicCount: Catalogue(content).topics.count)
  }

  @Test func `units are lines, then passages, and each topic knows its own`() {
    let content = Desk.content()
    let writing = writing(content)
    #expect(writing.lines.count == 6 * 6 + 4)
    #expect(writing.unitCount == writing.lines.count + writing.passages.count)
    #expect(!writing.passages.isEmpty)
    for unit in 0..<writing.unitCount {
      let topic = writing.topic(of: unit)
      #expect(topic >= 0 ? writing.unitsOf[topic].contains(unit) : writing.candidate(of: unit) == nil)
      #expect(!writing.text(of: unit).isEmpty)
    }
    #expect(writing.unitsOf.reduce(0) { $0 + $1.count } == writing.unitCount - 4)
    #expect(writing.unitsOf.allSatisfy { $0 == $0.sorted() })
    // Each candidate has one number, and none that of another.
    var numbers: [CandidateID: Set<Int>] = [:]
    for unit in 0..<writing.unitCount {
      if let id = writing.candidate(of: unit) { numbers[id, default: []].insert(writing.candidateNumber(of: unit)) }
    }
    #expect(numbers.values.allSatisfy { $0.count == 1 })
    #expect(Set(numbers.values.flatMap(\.self)) == Set(1...6))
  }

  @Test func `passages go to encoders with their title, and to people without`() throws {
    let writing = writing(Desk.content())
    let passage = try #require(writing.passages.first)
    #expect(passage.titledText == "Parking a car. \(passage.text)")
    #expect(writing.text(of: writing.lines.count) == passage.text)
    #expect(writing.location(of: writing.lines.count).file == "knowledge/parking.md")
  }

  @Test func `a staff article is not there at all`() {
    var content = Desk.content()
    content.articles.append(Desk.article("vault", "Vault", ["vault code"], "Code seven opens it.", audience: .staff))
    let writing = writing(content)
    #expect(!(0..<writing.unitCount).contains { writing.candidate(of: $0) == .article("vault") })
    let topic = Catalogue(content).topicOf[.article("vault")]
    #expect(topic.map { writing.unitsOf[$0].isEmpty } == true)
  }

  @Test func `lines per topic are what most lines have for company`() {
    #expect(writing(WorkspaceContent()).linesPerTopic == 0)
    #expect(writing(Desk.content()).linesPerTopic == 6)
    var content = Desk.content(1, outOfScope: [])
    content.intents.append(
      Desk.intent("many", "Many", (0..<93).map { "way number \($0)" }, answer: "Yes."))
    // 6 lines with 6, 94 with 94.
    #expect(abs(writing(content).linesPerTopic - 88.72) < 0.01)
  }

  @Test func `a workspace of nothing has no units`() {
    let writing = writing(WorkspaceContent())
    #expect(writing.unitCount == 0 && writing.unitsOf.isEmpty)
  }
}
