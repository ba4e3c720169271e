import Foundation
import Support

/// Names of replies, in letters that a header of any server may carry. They follow from what is answered, so that a bot
/// put back to an older backup gives the same reply the same name again.
enum IdempotencyKey {
  /// Of the bot's reply to a message; there is at most one.
  /// - Parameter row: of the inbox; tells apart ids too long to be named whole.
  static func reply(to message: MessageID, row: Int) -> String {
    let whole = "\(escaped(message.channel)):\(escaped(message.id)):reply"
    return whole.utf8.count <= 200 ? whole : "\(whole.prefix(160)):\(row):reply"
  }

  /// Of a person's reply to a ticket.
  /// - Parameters:
  ///   - event: the row of the ticket's history that tells of it.
  ///   - time: because after a restored backup another reply may get the same row.
  static func reply(ticket: Int, event: Int, at time: Date) -> String {
    "ticket:\(ticket):\(event):\(time.milliseconds)"
  }

  /// Of something that is said once in a channel.
  static func notice(_ key: String, channel: String) -> String { "notice:\(escaped(channel)):\(escaped(key))" }

  /// RFC 3986, all but unreserved characters escaped.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        escaped.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let hex = String(byte, radix: 16, uppercase: true)
        escaped += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
      }
    }
    return escaped
  }
}
