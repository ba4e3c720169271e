import Foundation
import GRDB

extension String {
  /// As it is stored: TEXT, or a BLOB of the same UTF-8 where it holds a NUL, at which SQLite's C strings would end.
  /// Columns for such text are declared ANY, so that two ids that differ behind a NUL stay two ids.
  var stored: DatabaseValue {
    utf8.contains(0) ? Data(utf8).databaseValue : databaseValue
  }
}
