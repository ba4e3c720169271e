import GRDB

// Statements are compiled once per connection: the SQL of each is the same text every time, values are always bound.
extension Database {
  func run(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws {
    try cachedStatement(sql: sql).execute(arguments: StatementArguments(arguments))
  }

  func all(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> [Row] {
    try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(arguments))
  }

  func first(_ sql: String, _ arguments: (any DatabaseValueConvertible)?...) throws -> Row? {
    // All rows are stepped over, so that a statement that writes and returns has run to its end.
    try Row.fetchAll(cachedStatement(sql: sql), arguments: StatementArguments(arguments)).first
  }

  /// Of the row inserted last.
  var insertedID: Int { Int(lastInsertedRowID) }
}
