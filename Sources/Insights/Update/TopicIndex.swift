import Support

/// Which topic a match belongs to, and what it is called: intents that name an article count as that article, and
/// translations as their original.
struct TopicIndex {
  private let articles: [String: Article]
  private let intents: [String: Intent]

  init(intents: [Intent], articles: [Article]) {
    // Ids are unique in a checked workspace; should two be the same, the one that stands first in its files counts.
    self.articles = Dictionary(articles.map { ($0.id, $0) }) { $0.location <= $1.location ? $0 : $1 }
    self.intents = Dictionary(intents.map { ($0.id, $0) }) { $0.location <= $1.location ? $0 : $1 }
  }

  func topic(of id: CandidateID) -> CandidateID {
    switch id {
    case .article(let id): .article(original(of: id))
    case .intent(let id):
      if case .article(let article) = intents[id]?.action { .article(original(of: article)) } else { .intent(id) }
    }
  }

  /// Nil for what is no longer in the workspace.
  func title(of topic: CandidateID) -> String? {
    switch topic {
    case .article(let id): articles[id]?.title
    case .intent(let id): intents[id]?.title
    }
  }

  /// The article that `id` is a translation of; itself where it is none, or where its original is not there.
  func original(of id: String) -> String {
    var current = id
    var seen: Set<String> = []
    while seen.insert(current).inserted, let next = articles[current]?.translationOf, articles[next] != nil {
      current = next
    }
    // Translations that point at each other in a ring: the first by id stands for all.
    return seen.contains(current) && articles[current]?.translationOf.map(seen.contains) == true
      ? seen.min() ?? current : current
  }
}
