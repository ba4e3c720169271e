import GRDB

/// The WHERE clause of a filter: every condition must hold, and values are always bound.
struct Conditions: Sendable {
  private var terms: [String] = []
  private var values: [DatabaseValue] = []

  /// Adds nothing where `value` is nil.
  mutating func add(_ term: String, _ value: (any DatabaseValueConvertible)?) {
    guard let value else { return }
    terms.append(term)
    values.append(value.databaseValue)
  }

  mutating func add(_ column: String, in words: [String]) {
    terms.append("\(column) IN (\(words.map { _ in "?" }.joined(separator: ", ")))")
    values += words.map(\.databaseValue)
  }

  var clause: String { terms.isEmpty ? "" : "WHERE \(terms.joined(separator: " AND "))" }
  var arguments: StatementArguments { StatementArguments(values) }
}
