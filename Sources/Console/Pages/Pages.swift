import JSON
import Mustache

/// The pages: a typed view model each, and its template, which escapes whatever it shows.
struct Pages: Sendable {
  private let chatTemplate: MustacheTemplate
  private let landingTemplate: MustacheTemplate
  private let noticeTemplate: MustacheTemplate

  /// - Throws: where a template built into the program is not well-formed.
  init() throws {
    chatTemplate = try MustacheTemplate(string: String(decoding: PackageResources.chat_mustache, as: UTF8.self))
    landingTemplate = try MustacheTemplate(string: String(decoding: PackageResources.landing_mustache, as: UTF8.self))
    noticeTemplate = try MustacheTemplate(string: String(decoding: PackageResources.notice_mustache, as: UTF8.self))
  }

  func chat(_ page: Chat) -> String { chatTemplate.render(page) }
  func landing(_ page: Landing) -> String { landingTemplate.render(page) }
  func notice(_ page: Notice) -> String { noticeTemplate.render(page) }

  struct Landing {
    var workspace: String
  }

  /// One message instead of the page that was asked for.
  struct Notice {
    var workspace: String
    var title: String
    var detail: String
  }

  struct Chat {
    var workspace: String
    var conversation: String
    var antiForgery: String
    /// JSON, empty before the visitor has said who they are.
    var member: String
    var known: Bool
    var name: String
    var network: String
    var region: String
    var regions: [String]
    var languages: [Language]
    var limit: Int

    init(workspace: String, token: ChatToken, member: ChatMember?, regions: [String], limit: Int) {
      self.workspace = workspace
      self.conversation = token.conversation
      self.antiForgery = token.antiForgery
      self.member = member?.json.serialized() ?? ""
      self.known = member != nil
      self.name = member?.name ?? ""
      self.network = member?.network ?? ""
      self.region = member?.region ?? ""
      self.regions = regions
      self.languages = Language.offered(chosen: member?.language)
      self.limit = limit
    }
  }

  struct Language {
    var tag: String
    var name: String
    var chosen: Bool

    /// In their own words; what the visitor has chosen is among them, whatever it is.
    static func offered(chosen: String?) -> [Language] {
      var all = [
        ("ar", "العربية"), ("id", "Bahasa Indonesia"), ("de", "Deutsch"), ("en", "English"), ("es", "Español"),
        ("fr", "Français"), ("it", "Italiano"), ("ja", "日本語"), ("ko", "한국어"), ("pl", "Polski"), ("pt", "Português"),
        ("ru", "Русский"), ("th", "ไทย"), ("tr", "Türkçe"), ("vi", "Tiếng Việt"), ("zh", "中文"),
      ]
      if let chosen, !all.contains(where: { $0.0 == chosen }) { all.append((chosen, chosen)) }
      return all.map { Language(tag: $0.0, name: $0.1, chosen: $0.0 == chosen) }
    }
  }
}
