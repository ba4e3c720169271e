import Foundation
package import Support

/// The workspace's intents and articles by id, and which of them give the same answer.
///
/// An article, its translations and the intents that name it are one *topic*: they compete with other topics, never with
/// one another.
package struct Catalogue: Sendable {
  package let content: WorkspaceContent
  package let intents: [String: Intent]
  package let articles: [String: Article]
  /// Topics in the order of the files; the index is the topic's number.
  let topics: [Topic]
  let topicOf: [CandidateID: Int]
  /// Every region that an article holds in.
  let regions: [String]

  struct Topic: Sendable {
    /// The original article first, where there is one.
    var members: [CandidateID]
  }

  package init(_ content: WorkspaceContent) {
    self.content = content
    intents = Dictionary(content.intents.map { ($0.id, $0) }) { first, _ in first }
    let articles = Dictionary(content.articles.map { ($0.id, $0) }) { first, _ in first }
    self.articles = articles
    regions = Set(content.articles.flatMap(\.regions)).sorted()

    var topics: [Topic] = []
    var topicOf: [CandidateID: Int] = [:]
    func join(_ id: CandidateID, original: CandidateID) {
      guard topicOf[id] == nil else { return }
      if let known = topicOf[original] {
        topics[known].members.append(id)
        topicOf[id] = known
      } else {
        topics.append(Topic(members: [id]))
        topicOf[id] = topics.count - 1
      }
    }
    // Originals first, so that translations and intents find their topic.
    for article in content.articles where article.translationOf == nil {
      join(.article(article.id), original: .article(article.id))
    }
    for article in content.articles {
      join(.article(article.id), original: .article(article.translationOf ?? article.id))
    }
    for intent in content.intents {
      var original = CandidateID.intent(intent.id)
      // An intent that asks for slots first is a topic of its own: the same answer, by another way.
      if case .article(let id) = intent.action, intent.slots.isEmpty { original = .article(id) }
      join(.intent(intent.id), original: original)
    }
    self.topics = topics
    self.topicOf = topicOf
  }

  /// Whether both give the same answer: the same thing, a translation of it, or an intent that names it.
  package func areSame(_ one: CandidateID, _ other: CandidateID) -> Bool {
    if one == other { return true }
    if let topic = topicOf[one], topic == topicOf[other] { return true }
    // An intent with slots is its own topic, but answers with the article all the same.
    guard let first = articleAnswered(by: one), let second = articleAnswered(by: other) else { return false }
    return original(of: first) == original(of: second)
  }

  package func title(of id: CandidateID) -> String {
    switch id {
    case .intent(let id): intents[id]?.title ?? id
    case .article(let id): articles[id]?.title ?? id
    }
  }

  func priority(of id: CandidateID) -> Int {
    if case .intent(let id) = id { return intents[id]?.priority ?? 0 }
    return 0
  }

  /// The version of the article for an asker of `language`: the translation into it, else the article itself.
  func version(of id: String, in language: String?) -> Article? {
    guard let article = articles[id], let language, !article.language.isSameLanguage(as: language) else {
      return articles[id]
    }
    let original = original(of: id)
    return content.articles.first {
      ($0.id == original || $0.translationOf == original) && $0.language.isSameLanguage(as: language)
    } ?? article
  }

  private func original(of article: String) -> String { articles[article]?.translationOf ?? article }

  private func articleAnswered(by id: CandidateID) -> String? {
    switch id {
    case .article(let id): return id
    case .intent(let id):
      if case .article(let article) = intents[id]?.action { return article }
      return nil
    }
  }
}

extension String {
  /// Compares BCP 47 tags by their language part: `pt-BR` and `pt` are the same language.
  func isSameLanguage(as other: String) -> Bool { primaryLanguage == other.primaryLanguage }

  var primaryLanguage: String {
    // "en" as it mostly stands.
    if utf8.count <= 3, utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) { return self }
    return String(prefix { $0 != "-" && $0 != "_" }).lowercased()
  }
}
