import Support

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

  init(_ catalogue: Catalogue, writing: Writing, analyses: [AnalyzedText], index: LineIndex) {
    var regions: [Int: Set<String>] = [:]
    for article in catalogue.content.articles where !article.regions.isEmpty && article.audience == .agency {
      guard let topic = catalogue.topicOf[.article(article.id)] else { continue }
      regions[topic, default: []].formUnion(article.regions)
    }
    var siblings: [Int: Set<Int>] = [:]
    if regions.count > 1, regions.count <= Self.mostTopics {
      for (topic, own) in regions.sorted(by: { $0.key < $1.key }) {
        for unit in writing.unitsOf[topic] where unit < analyses.count {
          let likenesses = index.likenesses(of: analyses[unit])
          for (other, foreign) in regions where other != topic && own.isDisjoint(with: foreign) {
            let isAlike = writing.unitsOf[other].contains {
              $0 < analyses.count && likenesses[$0] >= Self.likeEnough
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
