package import Support

/// How a workspace does on questions with known answers.
package struct Evaluation: Sendable, Hashable {
  /// Counts over some of the questions.
  package struct Counts: Sendable, Hashable {
    package var questions = 0
    package var inScope = 0
    /// In scope, the best candidate is right, whatever was decided.
    package var firstRight = 0
    /// In scope, one of the best three is right.
    package var amongThreeRight = 0
    /// Something of the workspace was acted on: an answer, or a ticket or slot question that an intent asked for.
    /// In scope or not; the sum of the next two.
    package var answered = 0
    package var answeredRight = 0
    /// What should not have been answered counts here too.
    package var answeredWrong = 0
    /// Nothing was answered, but asked: which, or where.
    package var askedBack = 0
    /// In scope, and answered right, or asked back so that the asker need only say which, or where.
    package var settled = 0
    package var outOfScope = 0
    package var outOfScopeAnswered = 0

    /// Handled as they should be: right answers, and questions out of scope that were not answered.
    package var handledRight: Int { answeredRight + outOfScope - outOfScopeAnswered }
    package var handledRightShare: Double { questions == 0 ? 0 : Double(handledRight) / Double(questions) }

    /// 0…1; 0 where nothing is in scope.
    package var settledShare: Double { inScope == 0 ? 0 : Double(settled) / Double(inScope) }
    package var firstAccuracy: Double { inScope == 0 ? 0 : Double(firstRight) / Double(inScope) }
    package var amongThreeAccuracy: Double { inScope == 0 ? 0 : Double(amongThreeRight) / Double(inScope) }
  }

  package private(set) var total = Counts()
  package private(set) var byKind: [String: Counts] = [:]
  /// By the questions' own language, as written in them; questions without one are not in it.
  package private(set) var byLanguage: [String: Counts] = [:]
  /// Each question by its best candidate, whatever was decided, in the order of the questions.
  package private(set) var asked: [AskedQuestion] = []
  /// In microseconds, of the decisions alone, in the order of the questions.
  package private(set) var latencies: [Double] = []

  package init() {}

  /// Adds what was decided about a question.
  /// - Parameter microseconds: how long the decision took.
  package mutating func add(
    _ question: LabelledQuestion, _ decision: Decision, microseconds: Double, catalogue: Catalogue
  ) {
    let verdict = Verdict(question, decision, catalogue)
    total.add(verdict)
    byKind[question.kind ?? "unspecified", default: Counts()].add(verdict)
    if let language = question.language { byLanguage[language, default: Counts()].add(verdict) }
    asked.append(AskedQuestion(question, decision, catalogue))
    latencies.append(microseconds)
  }

  /// The nearest-rank percentile of the latencies, in microseconds; 0 where there are none.
  package func latency(percentile: Double) -> Double {
    guard !latencies.isEmpty else { return 0 }
    let sorted = latencies.sorted()
    let rank = Int((percentile / 100 * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }
}

/// What is right and wrong about one decision.
private struct Verdict {
  var isInScope: Bool
  var isFirstRight: Bool
  var isAmongThree: Bool
  var isAnswered: Bool
  var isAnsweredRight: Bool
  var isAskedBack: Bool
  var isSettled: Bool

  init(_ question: LabelledQuestion, _ decision: Decision, _ catalogue: Catalogue) {
    let acted = decision.parts.compactMap { part -> CandidateID? in
      part.kind == .answer || part.kind == .collect || part.kind == .escalate ? part.matched : nil
    }
    isAnswered = !acted.isEmpty
    isAskedBack = acted.isEmpty && decision.parts.contains { $0.kind == .clarify }
    func isOne(_ id: CandidateID?, of wanted: [CandidateID]) -> Bool {
      id.map { id in wanted.contains { catalogue.areSame($0, id) } } ?? false
    }
    let offered = acted.isEmpty ? Self.offered(decision) : []
    switch question.expectation {
    case .none:
      isSettled = false
      isInScope = false
      isFirstRight = false
      isAmongThree = false
      isAnsweredRight = false
    case .any(let wanted):
      isInScope = true
      let candidates = decision.candidates
      isFirstRight = isOne(candidates.first?.id, of: wanted)
      isAmongThree = candidates.prefix(3).contains { isOne($0.id, of: wanted) }
      isAnsweredRight = isAnswered && acted.allSatisfy { isOne($0, of: wanted) }
      isSettled = isAnsweredRight || offered.contains { isOne($0, of: wanted) }
    case .all(let wanted):
      isInScope = true
      isFirstRight = wanted.allSatisfy { one in decision.parts.contains { isOne($0.candidates.first?.id, of: [one]) } }
      isAmongThree = wanted.allSatisfy { one in
        decision.parts.contains { $0.candidates.prefix(3).contains { isOne($0.id, of: [one]) } }
      }
      isAnsweredRight = isAnswered && acted.allSatisfy { isOne($0, of: wanted) }
      isSettled = isAnsweredRight || wanted.allSatisfy { one in offered.contains { isOne($0, of: [one]) } }
    }
  }

  /// What the next message can choose or make certain.
  private static func offered(_ decision: Decision) -> [CandidateID] {
    switch decision.nextState.pending {
    case .choice(_, let candidates): candidates
    case .region(_, let candidate): [candidate]
    case .slots, nil: []
    }
  }
}

extension Evaluation.Counts {
  fileprivate mutating func add(_ verdict: Verdict) {
    questions += 1
    if verdict.isInScope {
      inScope += 1
      if verdict.isFirstRight { firstRight += 1 }
      if verdict.isAmongThree { amongThreeRight += 1 }
      if verdict.isSettled { settled += 1 }
    } else {
      outOfScope += 1
      if verdict.isAnswered { outOfScopeAnswered += 1 }
    }
    if verdict.isAnswered {
      answered += 1
      if verdict.isAnsweredRight { answeredRight += 1 } else { answeredWrong += 1 }
    } else if verdict.isAskedBack {
      askedBack += 1
    }
  }
}
