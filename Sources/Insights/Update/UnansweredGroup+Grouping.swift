import Support

extension UnansweredGroup {
  /// More groups than this are not listed: a flood of nonsense must not become the report.
  static let listed = 200

  /// - Parameters:
  ///   - log: the week whose questions are grouped.
  ///   - before: the week before, from which, with the workspace, it is learned which words are common.
  static func groups(of log: WeekLog, before: WeekLog, intents: [Intent], articles: [Article]) -> [UnansweredGroup] {
    let asked = AskedText.collected(log.questions.filter(isUnanswered))
    guard !asked.isEmpty else { return [] }
    var vocabulary = Vocabulary()
    var known: Set<String> = []
    func learn(_ text: String, _ language: String) {
      let normalized = Vocabulary.normalized(text)
      guard known.insert(normalized).inserted else { return }
      vocabulary.learn(vocabulary.words(of: normalized, language: language))
    }
    for question in log.questions + before.questions { learn(question.part.text, question.message.language ?? "en") }
    for intent in intents { for example in intent.examples { learn(example.text, intent.language) } }
    for article in articles {
      learn(article.title, article.language)
      for line in article.questions { learn(line.text, article.language) }
    }
    vocabulary.weigh()
    let weighted = asked.map { text in
      QuestionGrouping.WeightedQuestion(
        words: vocabulary.words(of: text.normalized, language: text.language), count: text.questions.count)
    }
    let groups = QuestionGrouping(weighted, vocabulary: vocabulary).groups.map { places in
      UnansweredGroup(places.map { asked[$0] })
    }
    return Array(
      groups.sorted { ($1.count, $1.agencies, $0.label) < ($0.count, $0.agencies, $1.label) }.prefix(listed))
  }

  static func isUnanswered(_ question: WeekLog.Question) -> Bool {
    guard question.part.matched == nil, wasLookedUp(question.part) else { return false }
    switch question.part.kind {
    case .escalate, .clarify, .collect: return true
    case .answer, .silent: return false
    }
  }

  /// Whether an answer was sought at all. A greeting, a question of the bot's that is called off, or a file for a ticket
  /// is answered with words, but asks nothing: its explanation has neither a candidate nor a score. How a text was read
  /// is no sign of either.
  private static func wasLookedUp(_ part: Decision.Part) -> Bool {
    let reasons = part.explanation.filter { ![.workspace, .language, .spelling, .followUp].contains($0.kind) }
    return !part.candidates.isEmpty || reasons.isEmpty || reasons.contains { $0.candidate != nil || $0.score != nil }
  }

  /// - Parameter texts: the most central first.
  private init(_ texts: [AskedText]) {
    let questions = texts.flatMap(\.questions)
    let lines = texts.map(\.shown)
    label = lines.first ?? ""
    count = questions.count
    agencies = Set(questions.map(\.message.agency)).count
    escalated = questions.count { $0.part.kind == .escalate }
    var seen: Set<String> = [label]
    examples = Array(lines.filter { seen.insert($0).inserted }.prefix(3))
  }
}

/// A question with all the times that it was asked in the same words.
private struct AskedText {
  var normalized: String
  var language: String
  /// In the order in which they were asked; at least one.
  var questions: [WeekLog.Question]

  /// As it was written first, in one line.
  var shown: String {
    let line = ShownText.line(questions.first?.part.text ?? "", limit: 200)
    return line.isEmpty ? "(no text)" : line
  }

  /// The most asked first.
  static func collected(_ questions: [WeekLog.Question]) -> [AskedText] {
    var texts: [String: AskedText] = [:]
    for question in questions {
      let normalized = Vocabulary.normalized(question.part.text)
      texts[
        normalized,
        default: AskedText(normalized: normalized, language: question.message.language ?? "en", questions: [])
      ].questions.append(question)
    }
    return texts.values.sorted {
      ($1.questions.count, $0.normalized) < ($0.questions.count, $1.normalized)
    }
  }
}
