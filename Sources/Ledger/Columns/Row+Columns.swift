import Foundation
import GRDB

/// A column does not hold what the ledger writes there: someone else wrote it, or the file is damaged.
struct UnreadableColumn: Error {
  var column: String
}

// Columns are read by position, which is quick, and by throwing, because a damaged file must not end the process.
extension Row {
  func text(_ index: Int) throws -> String {
    guard let text = try optionalText(index) else { throw unreadable(index) }
    return text
  }

  func optionalText(_ index: Int) throws -> String? {
    let value: DatabaseValue = self[index]
    if value.isNull { return nil }
    guard let text = String.fromDatabaseValue(value) else { throw unreadable(index) }
    return text
  }

  func integer(_ index: Int) throws -> Int {
    guard let number = try optionalInteger(index) else { throw unreadable(index) }
    return number
  }

  func optionalInteger(_ index: Int) throws -> Int? {
    let value: DatabaseValue = self[index]
    if value.isNull { return nil }
    guard case .int64(let number) = value.storage else { throw unreadable(index) }
    return Int(number)
  }

  func optionalReal(_ index: Int) throws -> Double? {
    let value: DatabaseValue = self[index]
    return Double.fromDatabaseValue(value)
  }

  func date(_ index: Int) throws -> Date { Date(milliseconds: try integer(index)) }

  func optionalDate(_ index: Int) throws -> Date? { try optionalInteger(index).map(Date.init(milliseconds:)) }

  func json<Value: Decodable>(_ type: Value.Type, _ index: Int) throws -> Value {
    try JSONColumn.value(type, from: try text(index))
  }

  /// One of the words that a column may hold.
  func word<Word: RawRepresentable<String>>(_ type: Word.Type, _ index: Int) throws -> Word {
    guard let word = Word(rawValue: try text(index)) else { throw unreadable(index) }
    return word
  }

  private func unreadable(_ index: Int) -> UnreadableColumn {
    let names = Array(columnNames)
    return UnreadableColumn(column: names.indices.contains(index) ? names[index] : "\(index)")
  }
}
