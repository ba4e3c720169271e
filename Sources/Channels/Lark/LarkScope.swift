import JSON

/// What an app of Lark is allowed to do (open.larksuite.com, "API scopes").
struct LarkScope: Sendable {
  /// Any of these is enough.
  var names: [String]
  /// What is not possible without it; the sentence goes on from "without it".
  var loss: String

  /// All that the bot makes use of.
  static let wanted = [
    LarkScope(names: ["im:message:send_as_bot", "im:message", "im:message:send"], loss: "nothing can be answered"),
    LarkScope(
      names: ["im:message:readonly", "im:message", "im:message.history:readonly"], loss: "nothing can be read"),
    LarkScope(
      names: ["im:message.group_msg", "im:message.group_msg:readonly"],
      loss: "what is said in groups cannot be read"),
    LarkScope(names: ["im:chat:readonly", "im:chat", "im:chat:read"], loss: "the bot's groups are not found"),
    LarkScope(
      names: ["im:message.reactions:read", "im:message", "im:message:readonly"], loss: "thumbs are not seen"),
    LarkScope(names: ["im:message.reactions:write_only", "im:message"], loss: "no thumbs are offered under answers"),
    LarkScope(names: ["im:message:update", "im:message", "im:message:send_as_bot"], loss: "answers are not edited"),
    LarkScope(
      names: ["contact:user.base:readonly", "contact:contact:readonly_as_app", "contact:contact:readonly"],
      loss: "people are known by their ids only"),
  ]

  /// Those that the app has been granted, as Lark lists them.
  static func granted(_ data: JSONValue?) -> Set<String>? {
    guard let list = data?["scopes"]?.array else { return nil }
    // 1 is granted, 2 is not.
    return Set(list.prefix(5_000).filter { $0["grant_status"]?.int == 1 }.compactMap { $0["scope_name"]?.string })
  }

  static func isName(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 100
      && text.utf8.allSatisfy {
        (0x61...0x7A).contains($0) || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
          || "_:.-".utf8.contains($0)
      }
  }
}
