import JSON
import Support

/// What came with a message: named, and never fetched. There is no address: Telegram's hold the bot's token.
struct TelegramAttachments {
  private static let files = [
    "animation", "audio", "document", "sticker", "video", "video_note", "voice", "story", "paid_media",
    "live_photo",
  ]
  private static let others = [
    "contact", "location", "venue", "poll", "dice", "game", "invoice", "checklist", "giveaway",
  ]
  /// Messages in which nobody says anything (Bot API, "Service message").
  private static let services: Set<String> = [
    "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
    "group_chat_created", "supergroup_chat_created", "channel_chat_created", "message_auto_delete_timer_changed",
    "migrate_to_chat_id", "migrate_from_chat_id", "pinned_message", "successful_payment", "refunded_payment",
    "users_shared", "chat_shared", "connected_website", "write_access_allowed", "passport_data",
    "proximity_alert_triggered", "boost_added", "chat_background_set", "forum_topic_created", "forum_topic_edited",
    "forum_topic_closed", "forum_topic_reopened", "general_forum_topic_hidden", "general_forum_topic_unhidden",
    "giveaway_created", "giveaway_winners", "giveaway_completed", "video_chat_scheduled", "video_chat_started",
    "video_chat_ended", "video_chat_participants_invited", "web_app_data", "gift", "unique_gift",
    "checklist_tasks_done", "checklist_tasks_added", "direct_message_price_changed", "paid_message_price_changed",
    "suggested_post_approved", "suggested_post_approval_failed", "suggested_post_declined", "suggested_post_paid",
    "suggested_post_refunded", "chat_owner_left", "chat_owner_changed", "gift_upgrade_sent", "managed_bot_created",
    "poll_option_added", "poll_option_deleted",
  ]

  static func isService(_ message: JSONValue) -> Bool {
    message.object?.contains { services.contains($0.key) } ?? false
  }

  static func read(_ message: JSONValue) -> [Attachment] {
    var attachments: [Attachment] = []
    // The same picture in several sizes, the largest last.
    if let sizes = message["photo"]?.array, let largest = sizes.last {
      attachments.append(Attachment(name: "photo", mediaType: "image/jpeg", size: size(of: largest)))
    }
    for kind in files {
      guard let file = message[kind], file.object != nil else { continue }
      // An animation comes as a document as well.
      if kind == "document", message["animation"] != nil { continue }
      let name = text(file["file_name"]) ?? text(file["title"]) ?? text(file["emoji"]).map { "\(kind) \($0)" }
      attachments.append(
        Attachment(
          name: name ?? kind.replacing("_", with: " "), mediaType: text(file["mime_type"]), size: size(of: file)))
    }
    for kind in others where message[kind]?.object != nil {
      // A venue is a location as well.
      if kind == "location", message["venue"] != nil { continue }
      attachments.append(Attachment(name: kind))
    }
    return attachments
  }

  private static func size(of file: JSONValue) -> Int? { file["file_size"]?.int.flatMap { $0 >= 0 ? $0 : nil } }

  private static func text(_ value: JSONValue?) -> String? {
    guard let words = value?.string.map({ MessageText.withoutNUL(String($0.prefix(1_000))) }), !words.isEmpty else {
      return nil
    }
    return words
  }
}
