import JSON
import Sodium
import Support

/// One message as Slack's history has it, with what the bot looks at.
struct SlackEvent: Sendable {
  enum Kind: Sendable {
    /// What a person wrote.
    case person
    /// What the bot itself wrote.
    case own
    /// What is left of a message that was taken back.
    case tombstone
    /// Other bots, and what Slack itself says.
    case other
  }

  struct Sign: Sendable {
    /// `+`, `-`, or a digit.
    var mark: Character
    var users: [String]
    /// Whether Slack has named everybody who reacted.
    var isWhole: Bool
  }

  var kind: Kind
  var time: SlackTime
  var user: String
  var edited: String
  var thread: SlackTime?
  var latestReply: SlackTime?
  /// How many have answered under it.
  var replyCount: Int
  var replyUsers: Set<String>
  var signs: [Sign]
  /// How many choices a message of the bot's offers.
  var choices: Int
  var value: JSONValue

  /// Why a message cannot be read; the sentence goes on from "the message".
  struct Problem: Error {
    let reason: String
  }

  /// Kinds of message that people write (docs.slack.dev, "message event").
  private static let spoken: Set<String> = ["thread_broadcast", "file_share", "me_message", "reply_broadcast"]

  init(_ value: JSONValue, identity: SlackIdentity) throws(Problem) {
    guard value.object != nil else { throw Problem(reason: "is \(value.kind), not an object") }
    guard let time = SlackTime(value["ts"]?.string) else { throw Problem(reason: "has no time at /ts") }
    self.time = time
    self.value = value
    edited = value["edited"]?["ts"]?.string.map { String($0.prefix(20)) } ?? ""
    latestReply = SlackTime(value["latest_reply"]?.string)
    replyCount = max(0, value["reply_count"]?.int ?? 0)
    replyUsers = Set((value["reply_users"]?.array ?? []).prefix(100).compactMap(\.string))
    let root = SlackTime(value["thread_ts"]?.string)
    // A message that others answer in a thread is named as its own root.
    thread = root == time ? nil : root
    user = value["user"]?.string ?? ""
    let subtype = value["subtype"]?.string ?? ""
    choices = SlackMark(value)?.choices ?? 0
    signs = Self.signs(value["reactions"])
    if user == identity.user || (identity.bot != nil && value["bot_id"]?.string == identity.bot) {
      kind = Self.isSpoken(subtype) || subtype == "bot_message" ? .own : .other
    } else if subtype == "tombstone" {
      kind = .tombstone
    } else if value["bot_id"]?.string != nil || value["bot_profile"]?.object != nil || user == "USLACKBOT"
      || value["hidden"]?.bool == true || !Self.isSpoken(subtype)
    {
      kind = .other
    } else {
      guard !user.isEmpty, user.utf8.count <= 64 else { throw Problem(reason: "has no sender at /user") }
      kind = .person
    }
  }

  private static func isSpoken(_ subtype: String) -> Bool { subtype.isEmpty || spoken.contains(subtype) }

  private static let names: [String: Character] = [
    "+1": "+", "thumbsup": "+", "-1": "-", "thumbsdown": "-", "one": "1", "two": "2", "three": "3", "four": "4",
    "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9",
  ]

  private static func signs(_ value: JSONValue?) -> [Sign] {
    var signs: [Sign] = []
    for reaction in (value?.array ?? []).prefix(50) {
      // Thumbs have colours: `+1::skin-tone-2`.
      let name = reaction["name"]?.string?.split(separator: ":").first.map(String.init) ?? ""
      guard let mark = names[name] else { continue }
      let users = (reaction["users"]?.array ?? []).prefix(100).compactMap(\.string).filter { $0.utf8.count <= 64 }
      signs.append(Sign(mark: mark, users: users, isWhole: (reaction["count"]?.int ?? users.count) <= users.count))
    }
    return signs
  }
}

/// What the bot's messages carry to be known again: Slack has no key by which it would take a message only once.
struct SlackMark: Sendable, Hashable {
  /// Of the reply, a hash of its idempotency key.
  var key: String
  /// Which of its pieces.
  var piece: Int
  var choices: Int

  init(key: String, piece: Int, choices: Int) {
    self.key = key
    self.piece = piece
    self.choices = choices
  }

  /// From the metadata, or from the name of the first block where the app may not read those.
  init?(_ message: JSONValue) {
    if message["metadata"]?["event_type"]?.string == Self.eventType,
      let payload = message["metadata"]?["event_payload"], let key = payload["key"]?.string,
      let piece = payload["piece"]?.int
    {
      self.init(key: key, piece: piece, choices: payload["choices"]?.int ?? 0)
      return
    }
    let parts = (message["blocks"]?[0]?["block_id"]?.string ?? "").split(separator: ".")
    guard parts.count == 5, parts[0] == "greenroom", let piece = Int(parts[2]), let choices = Int(parts[3]) else {
      return nil
    }
    self.init(key: String(parts[1]), piece: piece, choices: choices)
  }

  private static let eventType = "greenroom_reply"

  var metadata: JSONValue {
    [
      "event_type": .string(Self.eventType),
      "event_payload": ["key": .string(key), "piece": .integer(piece), "choices": .integer(choices)],
    ]
  }

  /// In the form of a UUID (RFC 9562, version 8), which Slack's own clients give to what they send.
  var clientID: String {
    let hash = Array(SHA256.hexDigest(of: "\(key).\(piece)".utf8).prefix(32))
    let parts = [hash[0..<8], hash[8..<12], ["8"] + hash[13..<16], ["8"] + hash[17..<20], hash[20..<32]]
    return parts.map { String($0) }.joined(separator: "-")
  }

  func blockID(_ number: Int) -> String { "greenroom.\(key).\(piece).\(choices).\(number)" }
}
