import JSON

/// One event of a room, as far as every event has the same fields.
struct MatrixEvent: Sendable {
  var id: String
  var type: String
  var sender: String
  var content: JSONValue
  /// Milliseconds since 1970 by the sender's server, which may say anything.
  var time: JSONValue?
  /// Of a redaction in older rooms; newer ones have it in the content.
  var redacts: String?
  /// Somebody took it back: nothing is left in it.
  var isRedacted: Bool
  /// The server's summary of a thread that begins here says that the bot wrote in it.
  var botIsInThread: Bool

  /// In bytes of UTF-8 (Matrix specification: ids are at most 255).
  private static let maximumID = 255

  struct Problem: Error {
    /// Goes on from "the event".
    let reason: String
  }

  init(_ value: JSONValue) throws(Problem) {
    guard value.object != nil else { throw Problem(reason: "is \(value.kind), not an object") }
    id = try Self.name("event_id", in: value)
    type = try Self.name("type", in: value)
    sender = try Self.name("sender", in: value)
    content = value["content"] ?? .null
    time = value["origin_server_ts"]
    redacts = value["redacts"]?.string
    isRedacted = value["unsigned"]?["redacted_because"] != nil
    botIsInThread =
      value["unsigned"]?["m.relations"]?["m.thread"]?["current_user_participated"]?.bool ?? false
  }

  private static func name(_ key: String, in value: JSONValue) throws(Problem) -> String {
    guard let text = value[key]?.string, !text.isEmpty else { throw Problem(reason: "has no \(key)") }
    guard text.utf8.count <= maximumID,
      !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
    else { throw Problem(reason: "has a \(key) that is none") }
    return text
  }

  private var relation: JSONValue? { content["m.relates_to"] }

  /// The root of the thread that it says it is in.
  var thread: String? { relation?["rel_type"] == "m.thread" ? relation?["event_id"]?.string : nil }
  /// The event that it says it replaces.
  var replaces: String? { relation?["rel_type"] == "m.replace" ? relation?["event_id"]?.string : nil }
  /// The event that it says it answers; what clients write for other clients that know no threads is none.
  var replyTo: String? {
    if thread != nil, relation?["is_falling_back"]?.bool == true { return nil }
    return relation?["m.in_reply_to"]?["event_id"]?.string
  }
  /// The event it annotates and with what.
  var annotation: (event: String, key: String)? {
    guard relation?["rel_type"] == "m.annotation", let event = relation?["event_id"]?.string,
      let key = relation?["key"]?.string
    else { return nil }
    return (event, key)
  }
  /// What it replaces its older self with, or what it says.
  var words: JSONValue { replaces == nil ? content : content["m.new_content"] ?? content }
}
