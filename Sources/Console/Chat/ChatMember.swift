import HTTPTypes
import Foundation
import JSON

/// Who somebody on the chat page says they are. It is their own word: nothing here is proven.
struct ChatMember: Sendable, Hashable {
  var name: String
  /// The agency they speak for.
  var network: String
  var region: String?
  /// BCP 47.
  var language: String?

  static let longestName = 80
  static let longestRegion = 40

  /// - Parameter fields: `name`, `network`, and optionally `region` and `language`.
  /// - Throws: `Problem` 422, which names the field.
  init(_ fields: JSONObject) throws {
    name = try Self.line("name", of: fields, upTo: Self.longestName).required("name", "Please tell us your name.")
    network = try Self.line("network", of: fields, upTo: Self.longestName)
      .required("network", "Please tell us the name of your network.")
    region = try Self.line("region", of: fields, upTo: Self.longestRegion)
    language = try fields.text("language").flatMap { $0.isEmpty ? nil : $0 }
    if let language, !Self.isLanguageTag(language) {
      throw Problem(.unprocessableContent, "bad-language", "'language' must be a language tag such as en or pt-BR.")
    }
  }

  /// Back from the cookie; nil where somebody has changed it into what cannot be one.
  init?(cookie: String?) {
    guard let cookie, cookie.utf8.count <= 4096, let bytes = Data(base64URL: cookie),
      let fields = try? JSONValue.parse(Array(bytes), maximumDepth: 4).object,
      let member = try? ChatMember(fields)
    else { return nil }
    self = member
  }

  var json: JSONValue {
    var fields: JSONObject = ["name": .string(name), "network": .string(network)]
    fields["region"] = region.map { .string($0) }
    fields["language"] = language.map { .string($0) }
    return .object(fields)
  }

  var cookie: String { Data(json.serializedBytes()).base64URL }

  /// One line of text without anything that would change how the text around it is shown; nil where nothing is left.
  private static func line(_ field: String, of fields: JSONObject, upTo limit: Int) throws -> String? {
    guard let text = try fields.text(field) else { return nil }
    guard !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      throw Problem(.unprocessableContent, "control-character", "'\(field)' has a character that cannot be shown.")
    }
    let shown = ChatText.withoutInvisibles(text).trimmingSpaces()
    guard shown.unicodeScalars.count <= limit else {
      throw Problem(.unprocessableContent, "too-long", "'\(field)' is longer than \(limit) characters.")
    }
    return shown.isEmpty ? nil : shown
  }

  /// The shape of BCP 47, not its registry: the bot knows which languages it has.
  private static func isLanguageTag(_ text: String) -> Bool {
    guard text.utf8.count <= 35 else { return false }
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = parts.first, (2...8).contains(first.count), first.allSatisfy({ $0.isASCII && $0.isLetter }) else {
      return false
    }
    return parts.dropFirst().allSatisfy { part in
      (1...8).contains(part.count) && part.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
    }
  }
}

extension String? {
  fileprivate func required(_ field: String, _ sentence: String) throws -> String {
    guard let self else { throw Problem(.unprocessableContent, "missing-\(field)", sentence) }
    return self
  }
}

extension Data {
  /// RFC 4648 §5, without padding: every character may stand in a cookie.
  fileprivate var base64URL: String {
    base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  fileprivate init?(base64URL text: String) {
    let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    self.init(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding)
  }
}
