import Foundation
import Support

extension YAMLMap {
  /// Text without blanks around it. Numbers, dates and words such as `no` are text as well.
  func text(_ key: String) -> AuthoredLine? {
    entry(key).flatMap { Self.text(of: $0.value, "'\(key)'", problems) }
  }

  func requiredText(_ key: String, _ advice: String = "") -> AuthoredLine? {
    guard holds(key) else {
      reportMissing(key, advice)
      return nil
    }
    return text(key)
  }

  /// A list of texts, each of them not empty.
  func texts(_ key: String) -> [AuthoredLine] {
    let hint: String
    if case .scalar(let text, _)? = entryQuietly(key)?.content, !text.contains("\n") {
      hint = " Write [\(text.clipped)]."
    } else {
      hint = " Put each on a line of its own that begins with '- '."
    }
    return list(key, hint: hint).compactMap { Self.text(of: $0, "an item of '\(key)'", problems) }
  }

  /// One text, or a list of them.
  func textOrTexts(_ key: String) -> [AuthoredLine] {
    if case .scalar? = entryQuietly(key)?.content { return text(key).map { [$0] } ?? [] }
    return texts(key)
  }

  func integer(_ key: String, in range: ClosedRange<Int>? = nil) -> Int? {
    guard let entry = entry(key) else { return nil }
    guard case .scalar(let text, isPlain: true) = entry.value.content, let number = Int(text) else {
      problems.error(
        at: entry.value.location, "'\(key)' must be a whole number without quotes; found \(entry.value.shown).")
      return nil
    }
    if let range, !range.contains(number) {
      problems.error(
        at: entry.value.location,
        "'\(key)' must be from \(range.lowerBound) to \(range.upperBound); found \(number).")
      return nil
    }
    return number
  }

  func bool(_ key: String) -> Bool? {
    guard let entry = entry(key) else { return nil }
    if case .scalar(let text, isPlain: true) = entry.value.content {
      switch text {
      case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": return true
      case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": return false
      default: break
      }
    }
    problems.error(at: entry.value.location, "'\(key)' must be true or false; found \(entry.value.shown).")
    return nil
  }

  func day(_ key: String) -> (day: CalendarDay, location: SourceLocation)? {
    text(key).flatMap { line in Self.day(line, "'\(key)'", problems).map { ($0, line.location) } }
  }

  static func day(_ line: AuthoredLine, _ name: String, _ problems: ProblemLog) -> CalendarDay? {
    if let day = CalendarDay(line.text) { return day }
    problems.error(
      at: line.location, "\(name) must be a day of the calendar such as 2026-11-23; found '\(line.text.clipped)'.")
    return nil
  }

  /// One of the words of an enumeration.
  func choice<Value: RawRepresentable>(_ key: String, _ values: [Value]) -> Value? where Value.RawValue == String {
    guard let line = text(key) else { return nil }
    if let value = Value(rawValue: line.text) { return value }
    let words = values.map(\.rawValue)
    problems.error(
      at: line.location,
      "'\(key)' must be \(words.alternatives); found '\(line.text.clipped)'.\(NearMiss.hint(line.text, among: words))")
    return nil
  }

  /// A BCP 47 language tag, in its usual spelling.
  func language(_ key: String) -> String? {
    guard let line = text(key) else { return nil }
    if let tag = LanguageTag(line.text) { return tag.text }
    let dashed = line.text.replacingOccurrences(of: "_", with: "-")
    let hint = LanguageTag(dashed).map { " Did you mean '\($0.text)'?" } ?? ""
    problems.error(
      at: line.location,
      "'\(key)' must be a language tag such as en or pt-BR; found '\(line.text.clipped)'.\(hint)")
    return nil
  }

  /// In seconds.
  func duration(_ key: String, units: [Character]) -> (seconds: Int, location: SourceLocation)? {
    guard let line = text(key) else { return nil }
    if let duration = WrittenDuration(line.text), units.contains(duration.unit) {
      return (duration.seconds, line.location)
    }
    let samples = units.map { "30\($0)" }.alternatives
    problems.error(
      at: line.location,
      "'\(key)' must be a length of time such as \(samples), more than none; found '\(line.text.clipped)'.")
    return nil
  }

  /// A time zone that this system knows.
  func timeZone(_ key: String) -> String? {
    guard let line = text(key) else { return nil }
    let known = TimeZone.knownTimeZoneIdentifiers
    if known.contains(line.text) || ["UTC", "GMT"].contains(line.text) { return line.text }
    let nearest = NearMiss.hint(line.text, among: known)
    // Links such as Asia/Calcutta are not listed but good.
    if line.text.contains("/"), TimeZone(identifier: line.text) != nil, !nearest.hasSuffix("'\(line.text)'?") {
      return line.text
    }
    problems.error(
      at: line.location,
      "'\(key)' must be a time zone of the IANA list such as Europe/Berlin; found '\(line.text.clipped)'.\(nearest)")
    return nil
  }

  static func text(of node: YAMLNode, _ name: String, _ problems: ProblemLog) -> AuthoredLine? {
    guard case .scalar(let text, let isPlain) = node.content else {
      problems.error(
        at: node.location,
        "\(name.capitalizedFirst) must be text; found \(node.kind). Text with ': ', '[' or '{' needs quotes.")
      return nil
    }
    // Most texts have nothing around them, and a workspace has thousands.
    let isTrimmed = [text.utf8.first, text.utf8.last].allSatisfy { $0.map { (0x21...0x7E).contains($0) } ?? false }
    let trimmed = isTrimmed ? text : text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard !trimmed.isEmpty, !(isPlain && trimmed == "~") else {
      problems.error(at: node.location, "\(name.capitalizedFirst) is empty.")
      return nil
    }
    return AuthoredLine(trimmed, at: node.location)
  }
}

extension YAMLNode {
  /// What was written, for messages about values that cannot be secret.
  var shown: String {
    if case .scalar(let text, let isPlain) = content, !isNull {
      return isPlain ? "'\(text.clipped)'" : "the text \"\(text.clipped)\""
    }
    return kind
  }
}

extension [String] {
  /// `low, normal or high`.
  var alternatives: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + (last ?? "")
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
