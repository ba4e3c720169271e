import Foundation

/// An address of a webhook server, with the query that it came with.
struct WebhookAddress: Sendable, Hashable {
  private let components: URLComponents

  /// - Returns: nil where the text is no absolute http or https address.
  init?(_ text: String) {
    guard var components = URLComponents(string: text, encodingInvalidCharacters: false),
      ["http", "https"].contains(components.scheme?.lowercased()), components.host?.isEmpty == false
    else { return nil }
    components.fragment = nil
    if components.percentEncodedPath.isEmpty { components.percentEncodedPath = "/" }
    self.components = components
  }

  /// What all calls to a server begin with: its address without a slash at the end.
  static func base(
    _ text: String, of setting: String, channel: String
  ) throws(ChannelSetupError) -> String {
    guard let address = WebhookAddress(text) else {
      throw ChannelSetupError(channel: channel, "\(setting) is not an absolute http or https address")
    }
    var base = address.url
    while base.hasSuffix("/") { base.removeLast() }
    return base
  }

  var url: String { components.string ?? "" }

  /// What stands in the request line, and what is signed.
  var target: String {
    components.percentEncodedPath + (components.percentEncodedQuery.map { "?\($0)" } ?? "")
  }

  /// With parameters behind the query's own; a parameter of the same name is replaced.
  func adding(_ parameters: KeyValuePairs<String, String?>) -> WebhookAddress {
    let names = parameters.map(\.key)
    var pairs = (components.percentEncodedQuery ?? "").split(separator: "&").map(String.init)
    pairs.removeAll { pair in names.contains { pair == $0 || pair.hasPrefix("\($0)=") } }
    for (name, value) in parameters {
      if let value { pairs.append("\(name)=\(Self.encoded(value))") }
    }
    var address = components
    address.percentEncodedQuery = pairs.isEmpty ? nil : pairs.joined(separator: "&")
    return WebhookAddress(address)
  }

  private init(_ components: URLComponents) { self.components = components }

  /// All but RFC 3986's unreserved characters as %XX: a `+` would be read as a space.
  private static func encoded(_ text: String) -> String {
    var encoded = ""
    for byte in text.utf8 {
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
        encoded.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        encoded += byte < 0x10 ? "%0" : "%"
        encoded += String(byte, radix: 16, uppercase: true)
      }
    }
    return encoded
  }
}
