import Foundation
import HTTP
import Support

/// What a channel was doing when it failed.
enum ChannelOperation: String, Sendable {
  case poll
  case send = "reply"
}

extension ChannelError {
  /// An answer that is no success.
  init(_ response: HTTPResponse, channel: String, during operation: ChannelOperation, now: Date) {
    let status = response.status
    let start = "channel '\(channel)': the server answered \(status) to a \(operation.rawValue)"
    let retryAfter = RetryAfter.duration(response.headers["Retry-After"], now: now)
    switch status {
    case 401, 403:
      // Somebody will put the credentials right; the reply must still be there then.
      self.init(.unauthorized, "\(start); check the channel's auth", isRetriable: true, retryAfter: retryAfter)
    case 409:
      self.init(
        .conflict, "\(start); does another process use the same channel?", isRetriable: true, retryAfter: retryAfter)
    case 429: self.init(.rateLimited, "\(start): it is asked too often", isRetriable: true, retryAfter: retryAfter)
    case 408, 425: self.init(.unreachable, start, isRetriable: true, retryAfter: retryAfter)
    case 500...599:
      self.init(.serverError, "\(start); its log may say more", isRetriable: true, retryAfter: retryAfter)
    case 300...399:
      self.init(
        .refused, "\(start); redirects are not followed, set the new address", isRetriable: operation == .poll,
        retryAfter: retryAfter)
    default:
      self.init(
        .refused, "\(start); check the channel's address and fields", isRetriable: operation == .poll,
        retryAfter: retryAfter)
    }
  }

  /// No answer.
  init(_ error: HTTPError, channel: String) {
    let code: Code =
      switch error.code {
      case .tooLarge, .notHTTP: .malformed
      case .badURL, .badHeader: .refused
      default: .unreachable
      }
    // A poll too large today may be smaller tomorrow; the cursor has not moved, so nothing is lost.
    self.init(
      code, "channel '\(channel)': \(error.description)", isRetriable: error.isRetriable || error.code == .tooLarge)
  }
}
