/// A message of Telegram, which numbers them by chat: `-1001234567890:42`. What happens to a message, an edit or a
/// pressed button, adds a name of its own: `-1001234567890:42/e77`.
struct TelegramID: Sendable, Hashable, CustomStringConvertible {
  var chat: Int
  var message: Int
  /// `e` with the update's number for an edit, `c` with the query's id for a pressed button.
  var suffix: String?

  init(chat: Int, message: Int, suffix: String? = nil) {
    self.chat = chat
    self.message = message
    self.suffix = suffix
  }

  /// - Returns: nil for a text that is none.
  init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = (parts.first ?? "").split(separator: ":", omittingEmptySubsequences: false)
    guard numbers.count == 2, let chat = Int(numbers[0]), let message = Int(numbers[1]), message > 0 else { return nil }
    self.init(chat: chat, message: message, suffix: parts.count > 1 ? String(parts[1]) : nil)
  }

  var description: String { "\(chat):\(message)" + (suffix.map { "/\($0)" } ?? "") }
}
