import Foundation

/// The header Retry-After (RFC 9110, section 10.2.3): seconds, or a date.
enum RetryAfter {
  /// - Returns: how long from now; nil where the header is missing, unreadable or in the past.
  static func duration(_ header: String?, now: Date) -> Duration? {
    guard let header else { return nil }
    if let seconds = Double(header), seconds.isFinite {
      return seconds > 0 ? .seconds(min(seconds, 1e9)) : nil
    }
    guard let date = date(header) else { return nil }
    let wait = date.timeIntervalSince(now)
    return wait > 0 ? .seconds(min(wait, 1e9)) : nil
  }

  /// The one form of date that servers must send (`Sun, 06 Nov 1994 08:49:37 GMT`).
  private static func date(_ text: String) -> Date? {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(secondsFromGMT: 0)
    formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return formatter.date(from: text)
  }
}
