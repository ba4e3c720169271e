import Foundation
import Support
import Text

/// Finds the values that slots ask for in what people write.
struct EntityReader: Sendable {
  private let lists: [String: [(words: [String], value: String)]]
  private let patterns: BuiltInPatterns

  init(_ lists: [EntityList]) {
    self.lists = Dictionary(
      lists.map { list in
        let entries = list.values.sorted { $0.key < $1.key }.flatMap { value, synonyms in
          ([value] + synonyms).map { (Tokenizer.words(in: TextNormalizer.normalize($0)), value) }
        }
        return (list.name, entries.filter { !$0.0.isEmpty }.sorted { $0.0.count > $1.0.count })
      }
    ) { first, _ in first }
    patterns = BuiltInPatterns()
  }

  /// The value of `kind` that `text` names; nil when it names none.
  /// - Parameter isAnswer: the text answers a question for just this value, so that a bare word may do.
  func value(of kind: EntityKind, in text: String, isAnswer: Bool) -> String? {
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    switch kind {
    case .text: return isAnswer && !trimmed.isEmpty ? trimmed : nil
    case .handle:
      if let handle = patterns.first(.handle, in: trimmed) { return handle }
      // "lucia.live" is a handle when a handle was asked for.
      guard isAnswer, !trimmed.contains(where: \.isWhitespace), trimmed.contains(where: \.isLetter) else { return nil }
      return trimmed.hasPrefix("@") ? trimmed : "@\(trimmed)"
    case .date: return patterns.first(.date, in: trimmed)
    case .amount: return patterns.first(.amount, in: trimmed) ?? (isAnswer ? patterns.first(.number, in: trimmed) : nil)
    case .email: return patterns.first(.email, in: trimmed)
    case .url: return patterns.first(.url, in: trimmed)
    case .number: return patterns.first(.number, in: trimmed)
    case .country: return Countries.code(in: trimmed, isAnswer: isAnswer)
    case .list(let name): return listed(name, in: trimmed)
    }
  }

  private func listed(_ name: String, in text: String) -> String? {
    let words = Tokenizer.words(in: TextNormalizer.normalize(text))
    return lists[name]?.first { entry in
      guard words.count >= entry.words.count else { return false }
      return (0...(words.count - entry.words.count)).contains { start in
        words[start..<(start + entry.words.count)].elementsEqual(entry.words)
      }
    }?.value
  }
}

/// Patterns of the built-in entities, compiled once.
private struct BuiltInPatterns: Sendable {
  enum Name: String, CaseIterable {
    case handle, date, amount, email, url, number

    var sources: [String] {
      let months =
        "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
      switch self {
      case .handle: return [#"@[\p{L}\p{N}_][\p{L}\p{N}_.\-]{0,63}"#]
      case .date:
        return [
          #"\b\d{4}-\d{1,2}-\d{1,2}\b"#, #"\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"#,
          #"\b\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?"# + months + #"\b(?:,?\s+\d{4})?"#,
          #"\b"# + months + #"\s+\d{1,2}(?:st|nd|rd|th)?\b(?:,?\s+\d{4})?"#,
          #"\b"# + months + #"(?:\s+\d{4})?\b"#, #"\b(?:today|yesterday|last\s+(?:week|month|night))\b"#,
        ]
      case .amount:
        return [
          #"(?:[$€£¥₫₩฿]|\b(?:usd|eur|gbp|idr|brl|try|vnd|thb|jpy|krw|rp|us\$)\s?)\s?\d[\d.,]*\s?(?:k\b|m\b|million\b)?"#,
          #"\b\d[\d.,]*\s?(?:k\s?)?(?:[$€£¥₫₩฿]|(?:usd|eur|gbp|idr|brl|try|vnd|thb|jpy|krw|dollars?|euros?|pounds?|bucks|diamonds?|coins?)\b)"#,
        ]
      case .email: return [#"[\p{L}\p{N}._%+\-]+@[\p{L}\p{N}\-]+(?:\.[\p{L}\p{N}\-]+)+"#]
      case .url: return [#"https?://[^\s<>"]+"#, #"\bwww\.[^\s<>"]+"#]
      case .number: return [#"[-+]?\d[\d.,]*"#]
      }
    }
  }

  private let compiled: [Name: [Pattern]]

  init() {
    // The patterns are fixed and tested; one that did not compile would find nothing.
    compiled = Dictionary(uniqueKeysWithValues: Name.allCases.map { ($0, $0.sources.compactMap { try? Pattern($0) }) })
  }

  func first(_ name: Name, in text: String) -> String? {
    for pattern in compiled[name] ?? [] {
      if let range = pattern.firstMatch(in: text) {
        return String(text[range]).trimmingCharacters(in: CharacterSet(charactersIn: ".,; \n\t"))
      }
    }
    return nil
  }
}
