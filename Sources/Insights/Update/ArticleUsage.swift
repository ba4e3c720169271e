import Foundation
import Support

/// Which articles were sent, and whether a person was needed all the same.
struct ArticleUsage {
  private let index: TopicIndex
  private let counts: [String: Int]
  private let countsBefore: [String: Int]
  private let followed: [String: Int]

  /// How soon a question for a person must follow an answer to count against it.
  static let followUpWithin: TimeInterval = 86_400

  init(log: WeekLog, before: WeekLog, index: TopicIndex) {
    self.index = index
    counts = Self.counts(log, index)
    countsBefore = Self.counts(before, index)
    followed = Self.followedByPerson(log, index)
  }

  /// The most used first.
  var used: [ArticleUse] {
    counts.map { id, count in
      ArticleUse(
        id: id, title: ShownText.line(index.title(of: .article(id)) ?? id, limit: 120), count: count,
        before: countsBefore[id] ?? 0, followedByPerson: followed[id] ?? 0)
    }
    .sorted { ($1.count, $0.title, $0.id) < ($0.count, $1.title, $1.id) }
  }

  /// Articles that agencies could have been sent on a day of the week and were not, in any language.
  func neverUsed(of articles: [Article], in span: WeekSpan) -> [UnusedArticle] {
    let sendable = articles.filter { article in
      article.audience == .agency && span.days.contains(where: article.isValid)
    }
    return Set(sendable.map { index.original(of: $0.id) }).filter { counts[$0] == nil }
      .map { UnusedArticle(id: $0, title: ShownText.line(index.title(of: .article($0)) ?? $0, limit: 120)) }
      .sorted { ($0.title, $0.id) < ($1.title, $1.id) }
  }

  private static func article(of part: Decision.Part, _ index: TopicIndex) -> String? {
    guard part.kind == .answer, let matched = part.matched, case .article(let id) = index.topic(of: matched) else {
      return nil
    }
    return id
  }

  private static func counts(_ log: WeekLog, _ index: TopicIndex) -> [String: Int] {
    log.questions.reduce(into: [:]) { counts, question in
      if let id = article(of: question.part, index) { counts[id, default: 0] += 1 }
    }
  }

  /// Answers whose conversation's next question, soon after, was escalated.
  private static func followedByPerson(_ log: WeekLog, _ index: TopicIndex) -> [String: Int] {
    var followed: [String: Int] = [:]
    var last: [ConversationID: (articles: [String], at: Date)] = [:]
    for message in log.incoming where message.decision != nil && message.decision != .silent {
      if message.decision == .escalate, let answer = last[message.conversation],
        message.at.timeIntervalSince(answer.at) <= followUpWithin
      {
        for id in answer.articles { followed[id, default: 0] += 1 }
      }
      last[message.conversation] = (message.parts.compactMap { article(of: $0, index) }, message.at)
    }
    return followed
  }
}
