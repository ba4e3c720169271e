import Support
import Text

/// The rules that are certain: an intent's patterns and keywords. One pass of RE2's set over the text finds every pattern.
struct CertainRules: Sendable {
  struct Match: Sendable, Hashable {
    var intent: String
    var priority: Int
    /// What to show people: which rule it was.
    var reason: String
    var location: SourceLocation
  }

  fileprivate struct KeywordRule: Sendable {
    var intent: Int
    var any: [Phrase]
    var all: [Phrase]
    var none: [Phrase]
  }

  private let intents: [Intent]
  /// Nil when no pattern compiled.
  private let patterns: PatternSet?
  /// Pattern number to intent number and place.
  private let patternOwners: [(intent: Int, line: AuthoredLine)]
  private let keywordRules: [KeywordRule]

  init(_ intents: [Intent]) {
    self.intents = intents
    var owners: [(intent: Int, line: AuthoredLine)] = []
    var keywordRules: [KeywordRule] = []
    for (number, intent) in intents.enumerated() {
      // The reader has compiled each pattern already; one that does not compile is left out, and the others still hold.
      for line in intent.patterns where (try? Pattern(line.text)) != nil { owners.append((number, line)) }
      if let keywords = intent.keywords, !keywords.any.isEmpty || !keywords.all.isEmpty {
        keywordRules.append(
          KeywordRule(
            intent: number, any: keywords.any.map(Phrase.init), all: keywords.all.map(Phrase.init),
            none: keywords.none.map(Phrase.init)))
      }
    }
    patterns = try? PatternSet(owners.map(\.line.text))
    patternOwners = owners
    self.keywordRules = keywordRules
  }

  /// Intents that match for certain, the highest priority first; among equals in the order of the files.
  /// - Parameters:
  ///   - normalized: what patterns are matched against.
  ///   - words: the same text as words, for keywords.
  func matches(normalized: String, words: [String]) -> [Match] {
    var found: [Int: Match] = [:]
    func add(_ number: Int, _ reason: String, _ location: SourceLocation) {
      guard found[number] == nil else { return }
      let intent = intents[number]
      found[number] = Match(intent: intent.id, priority: intent.priority, reason: reason, location: location)
    }
    for index in patterns?.matches(in: normalized) ?? [] where patternOwners.indices.contains(index) {
      let owner = patternOwners[index]
      add(owner.intent, "the pattern \(owner.line.text)", owner.line.location)
    }
    if !keywordRules.isEmpty {
      for rule in keywordRules where rule.holds(in: words) {
        add(rule.intent, "its keywords", intents[rule.intent].location)
      }
    }
    return found.sorted { ($1.value.priority, $0.key) < ($0.value.priority, $1.key) }.map(\.value)
  }

  /// The intents whose patterns match `text`, by number: for review of a workspace.
  func patternMatches(in normalized: String) -> [(intent: Intent, line: AuthoredLine)] {
    (patterns?.matches(in: normalized) ?? []).filter(patternOwners.indices.contains).map {
      (intents[patternOwners[$0].intent], patternOwners[$0].line)
    }
  }
}

extension CertainRules.KeywordRule {
  fileprivate func holds(in words: [String]) -> Bool {
    (any.isEmpty || any.contains { $0.occurs(in: words) }) && all.allSatisfy { $0.occurs(in: words) }
      && !none.contains { $0.occurs(in: words) }
  }
}

/// A keyword of one or more words, found as whole words in a row.
fileprivate struct Phrase: Sendable {
  let words: [String]

  init(_ text: String) {
    words = Tokenizer.words(in: TextNormalizer.normalize(text))
  }

  func occurs(in text: [String]) -> Bool {
    guard let first = words.first, text.count >= words.count else { return false }
    return (0...(text.count - words.count)).contains { start in
      text[start] == first && text[start..<(start + words.count)].elementsEqual(words)
    }
  }
}
