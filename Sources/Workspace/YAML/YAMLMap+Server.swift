import Foundation
import Support

extension YAMLMap {
  /// An absolute http or https address without user, password or fragment.
  /// - Parameters:
  ///   - secretKey: the key of this map that says where a secret is kept, for the advice.
  ///   - mayHaveQuery: whether something may stand behind a `?`.
  func requiredServerAddress(_ key: String, secretKey: String, mayHaveQuery: Bool = true) -> String? {
    guard let line = requiredText(key) else { return nil }
    guard let parts = URLComponents(string: line.text), let scheme = parts.scheme?.lowercased(),
      ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty,
      parts.port.map({ (1...65535).contains($0) }) ?? true, !line.text.contains(where: \.isWhitespace)
    else {
      problems.error(at: line.location, "'\(key)' must be an address that begins with https:// or http:// and a host.")
      return nil
    }
    guard parts.user == nil, parts.password == nil else {
      problems.error(
        at: line.location, "'\(key)' must not hold a user or password; use '\(secretKey)' with env or file.")
      return nil
    }
    guard parts.fragment == nil else {
      problems.error(at: line.location, "'\(key)' must not hold a '#' part; it is never sent to a server.")
      return nil
    }
    guard mayHaveQuery || parts.query == nil else {
      problems.error(
        at: line.location, "'\(key)' must not hold a '?' part; a key is named in '\(secretKey)' with env or file.")
      return nil
    }
    return line.text
  }
}
