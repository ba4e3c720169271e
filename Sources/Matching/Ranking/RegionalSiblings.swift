import Retrieval
import Support
import Tensors

/// Topics that say the same thing for other regions: “Minimum age in Europe” and “Minimum age in Japan”.
///
/// To the classifier they are rivals, and what it gives the one it takes from the other. An asker in Japan cannot be sent
/// the one about Europe; what spoke for it then speaks for its sibling.
struct RegionalSiblings: Sendable {
  /// Likeness of two lines from which on their topics are siblings.
  private static let likeEnough: Float = 0.5
  /// More regional topics than this are not compared: the work grows with the square.
  private static let mostTopics = 400

  private let siblings: [Int: [Int]]

  /// - Parameter analysis: of a line, by its number.
  init(_ catalogue: Catalogue, writing: Writing, index: LineIndex, analysis: (Int) -> AnalyzedText) {
    var regions: [Int: Set<String>] = [:]
    for article in catalogue.content.articles where !article.regions.isEmpty && article.audience == .agency {
      guard let topic = catalogue.topicOf[.article(article.id)] else { continue }
      regions[topic, default: []].formUnion(article.regions)
    }
    var siblings: [Int: Set<Int>] = [:]
    if regions.count > 1, regions.count <= Self.mostTopics {
      for (topic, own) in regions.sorted(by: { $0.key < $1.key }) {
        for unit in writing.unitsOf[topic] where unit < writing.lines.count {
          let likenesses = index.likenesses(of: analysis(unit))
          for (other, foreign) in regions where other != topic && own.isDisjoint(with: foreign) {
            let isAlike = writing.unitsOf[other].contains {
              $0 < writing.lines.count && likenesses[$0] >= Self.likeEnough
            }
            if isAlike {
              siblings[topic, default: []].insert(other)
              siblings[other, default: []].insert(topic)
            }
          }
        }
      }
    }
    self.siblings = siblings.mapValues { $0.sorted() }
  }

  func of(_ topic: Int) -> [Int] { siblings[topic] ?? [] }
}

// MARK: Keeping them

extension RegionalSiblings {
  func add(to sections: inout NumberSections) {
    sections.add(
      siblings.sorted { $0.key < $1.key }.flatMap { topic, others in others.flatMap { [Int32(topic), Int32($0)] } })
  }

  /// - Throws: where there are no such topics.
  init(_ file: inout KeptFileReader, topicCount: Int) throws {
    let pairs = try file.next(Int32.self).elements
    guard pairs.count % 2 == 0, pairs.allSatisfy({ (0..<Int32(topicCount)).contains($0) }) else {
      throw KeptFileError()
    }
    var siblings: [Int: [Int]] = [:]
    for place in stride(from: 0, to: pairs.count, by: 2) {
      siblings[Int(pairs[place]), default: []].append(Int(pairs[place + 1]))
    }
    self.siblings = siblings
  }
}
