import JSON
import Support

/// What a look at the bot's side of things finds: who it is, whether it can be polled, and what it sees and may do in the
/// groups that the settings name.
struct TelegramSetUp: Sendable {
  let server: TelegramServer
  let settings: TelegramSettings

  func findings() async throws -> [ChannelFinding] {
    let me: JSONValue
    do {
      me = try await server.result(TelegramCall(method: "getMe", purpose: .setUp))
    } catch let refusal as TelegramRefusal where refusal.isFromServer && [401, 404].contains(refusal.status) {
      return [
        ChannelFinding(
          isGood: false, text: "The token is not good (any more): send /token to @BotFather and take a new one.")
      ]
    }
    guard let id = me["id"]?.int, let username = me["username"]?.string, id > 0, username.utf8.count <= 100 else {
      throw server.malformed(TelegramCall(method: "getMe", purpose: .setUp), "names no bot")
    }
    var findings = [ChannelFinding(isGood: true, text: "The token is good: the bot is @\(username).")]
    findings.append(try await webhook())
    let groups = settings.rooms.filter { $0.key.hasPrefix("-") && $0.value.answering != .never }
    let readsAll = settings.groups == .always || groups.contains { $0.value.answering == .always }
    findings += membership(me, readsAll: readsAll)
    for group in groups.keys.sorted() { findings.append(try await place(of: id, in: group)) }
    return findings
  }

  private func webhook() async throws -> ChannelFinding {
    let hook = try await server.result(TelegramCall(method: "getWebhookInfo", purpose: .setUp))
    guard hook["url"]?.string?.isEmpty == false else {
      return ChannelFinding(isGood: true, text: "No webhook is set, so the bot can be polled.")
    }
    return ChannelFinding(
      isGood: false,
      text: "The bot has a webhook, and polls would be answered with 409: end the program that set it, and call "
        + "deleteWebhook.")
  }

  private func membership(_ me: JSONValue, readsAll: Bool) -> [ChannelFinding] {
    guard settings.groups != .never || settings.rooms.contains(where: { $0.key.hasPrefix("-") }) else { return [] }
    var findings: [ChannelFinding] = []
    if me["can_join_groups"]?.bool == false {
      findings.append(
        ChannelFinding(
          isGood: false,
          text: "The bot cannot be added to groups: send /setjoingroups to @BotFather and choose Enable."))
    }
    switch (me["can_read_all_group_messages"]?.bool ?? false, readsAll) {
    case (true, _): findings.append(ChannelFinding(isGood: true, text: "In groups the bot sees every message."))
    case (false, false):
      findings.append(
        ChannelFinding(
          isGood: true,
          text: "In groups the bot sees what is addressed to it, and answers nothing else: privacy mode is on."))
    case (false, true):
      findings.append(
        ChannelFinding(
          isGood: false,
          text:
            "Where it is no administrator the bot sees only what is addressed to it, but is to answer everything: send "
            + "/setprivacy to @BotFather and choose Disable, then take the bot out of its groups and add it again."))
    }
    return findings
  }

  /// What the bot may do in a group.
  private func place(of bot: Int, in group: String) async throws -> ChannelFinding {
    let member: JSONValue
    do {
      let body: JSONObject = ["chat_id": .integer(Int(group) ?? 0), "user_id": .integer(bot)]
      member = try await server.result(TelegramCall(method: "getChatMember", body: body, purpose: .setUp))
    } catch let refusal as TelegramRefusal {
      if let new = refusal.migratedTo {
        return ChannelFinding(
          isGood: false, text: "The group \(group) has become a supergroup: name it \(new) under 'rooms'.")
      }
      guard [400, 403].contains(refusal.status) else { throw refusal }
      return ChannelFinding(
        isGood: false, text: "The bot does not know the group \(group): check the number, and add the bot to the group."
      )
    }
    switch member["status"]?.string {
    case "administrator", "creator":
      return ChannelFinding(
        isGood: true, text: "The bot is an administrator of the group \(group), and hears of reactions.")
    case "restricted" where member["is_member"]?.bool == true && member["can_send_messages"]?.bool != false,
      "member":
      return ChannelFinding(
        isGood: true,
        text: "The bot is in the group \(group). Of 👍 and 👎 on its messages Telegram tells it only as an administrator."
      )
    case "restricted" where member["is_member"]?.bool == true:
      return ChannelFinding(
        isGood: false, text: "The bot may not write in the group \(group): lift its restrictions there.")
    default:
      return ChannelFinding(isGood: false, text: "The bot is not in the group \(group): add it there.")
    }
  }
}
