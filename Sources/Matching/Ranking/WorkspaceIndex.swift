import Foundation
import Retrieval
import Support
import Tensors

/// Everything that is made from what a workspace says, without encoders and before anything is learnt from it.
struct WorkspaceIndex: Sendable {
  let lines: LineIndex
  let writing: Writing
  let coverage: TopicIndex
  let siblings: RegionalSiblings
  /// The words of the workspace with how often they occur.
  let wordCounts: [String: Int]
  let candidateCount: Int

  /// - Parameter reader: has read.
  init(_ catalogue: Catalogue, _ reader: WritingReader) {
    let count = catalogue.topics.count
    lines = LineIndex(reader.lines, reader.rows, topicCount: count)
    writing = Writing(lines: reader.lines, passages: reader.passages, topicCount: count)
    coverage = TopicIndex(reader.written)
    siblings = RegionalSiblings(catalogue, writing: writing, index: lines, analysis: reader.analysis(ofLine:))
    wordCounts = reader.wordCounts
    candidateCount = reader.list.numbers.count
  }
}

// MARK: Keeping it

extension WorkspaceIndex {
  /// Goes up with every change to how texts are taken apart or what is made of them, so that nothing is taken over from a
  /// program that did otherwise.
  static let kind = "index-1"

  /// - Parameter version: of the workspace's content.
  func keep(in cache: any ModelCache, version: String) {
    var sections = NumberSections()
    sections.add([writing.lines.count, writing.passages.count, writing.unitsOf.count].map(Int64.init))
    lines.add(to: &sections)
    coverage.add(to: &sections)
    siblings.add(to: &sections)
    sections.add(writing.passages.map { Int32($0.candidateNumber) })
    sections.add(writing.passages.map(\.text))
    let words = wordCounts.sorted { $0.key < $1.key }
    sections.add(words.map(\.key))
    sections.add(words.map { Int64($0.value) })
    cache.store(sections, kind: Self.kind, key: version)
  }

  /// What was kept of the same workspace; nil where nothing was, or nothing that fits.
  init?(_ catalogue: Catalogue, keptIn cache: any ModelCache, version: String) {
    guard var file = cache.reader(kind: Self.kind, key: version),
      let kept = try? WorkspaceIndex(catalogue, &file), file.isAtEnd
    else { return nil }
    self = kept
  }

  private init(_ catalogue: Catalogue, _ file: inout KeptFileReader) throws {
    let list = LineList(catalogue)
    let topicCount = catalogue.topics.count
    let counts = try file.next(Int64.self, count: 3).elements
    guard counts[0] == list.lines.count, counts[2] == topicCount else { throw KeptFileError() }
    lines = try LineIndex(&file, lines: list.lines, topicCount: topicCount)
    coverage = try TopicIndex(&file, topicCount: topicCount)
    siblings = try RegionalSiblings(&file, topicCount: topicCount)
    let owners = try file.next(Int32.self).elements
    let texts = try file.nextTexts()
    guard counts[1] == texts.count, owners.count == texts.count else { throw KeptFileError() }
    var articles: [Int32: Article] = [:]
    for article in catalogue.content.articles where article.audience == .agency {
      if let number = list.numbers[.article(article.id)], articles[Int32(number)] == nil {
        articles[Int32(number)] = article
      }
    }
    let passages = try zip(owners, texts).map { number, text in
      guard let article = articles[number], let topic = catalogue.topicOf[.article(article.id)] else {
        throw KeptFileError()
      }
      return Writing.Passage(
        topic: topic, candidate: .article(article.id), candidateNumber: Int(number), title: article.title, text: text,
        location: article.location)
    }
    writing = Writing(lines: list.lines, passages: passages, topicCount: topicCount)
    let words = try file.nextTexts()
    let times = try file.next(Int64.self, count: words.count)
    wordCounts = Dictionary(zip(words, times.elements.map(Int.init))) { first, _ in first }
    candidateCount = list.numbers.count
  }
}
