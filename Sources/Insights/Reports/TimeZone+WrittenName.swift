import Foundation

extension TimeZone {
  /// As people write it: Foundation calls UTC "GMT".
  var writtenName: String { identifier == "GMT" ? "UTC" : identifier }
}
