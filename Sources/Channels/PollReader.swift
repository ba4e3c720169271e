import Foundation
import JSON
import Support

/// Reads the answer to a poll of a webhook server.
struct PollReader: Sendable {
  let messages: MessageReader

  static let maximumMessages = 10_000
  /// In bytes of UTF-8.
  static let maximumCursor = 4 << 10

  /// The answer as a whole is not the protocol; the sentence goes on from "the answer".
  struct Problem: Error {
    let reason: String
  }

  /// - Parameter previous: the cursor that was asked with; it stays where the answer gives none.
  func read(_ body: [UInt8], previous: String?, now: Date) throws(Problem) -> Poll {
    let answer: JSONValue
    do throws(JSONError) {
      answer = try JSONValue.parse(body)
    } catch {
      return try readInPieces(body, because: error, previous: previous, now: now)
    }
    guard let found = answer.value(at: messages.fields.messages) else {
      throw Problem(reason: "has no messages at '\(messages.fields.messages)'")
    }
    guard let list = found.array else { throw Problem(reason: "has \(found.kind) for its messages, not an array") }
    try checkCount(list.count)
    var poll = Poll(cursor: try cursor(in: answer) ?? previous)
    for value in list { messages.read(value, into: &poll, now: now) }
    return poll
  }

  /// One message that is no JSON must not keep the others, and all that come after, from being read: the answer is taken
  /// apart, and each message is read by itself.
  private func readInPieces(
    _ body: [UInt8], because error: JSONError, previous: String?, now: Date
  ) throws(Problem) -> Poll {
    let problem = Problem(reason: "is not good JSON: \(error)")
    guard error.code != .outOfMemory, let pieces = ArrayPieces(at: messages.fields.messages, in: body),
      let rest = try? JSONValue.parse(
        body[..<pieces.whole.lowerBound] + Array("[]".utf8) + body[pieces.whole.upperBound...])
    else { throw problem }
    try checkCount(pieces.elements.count)
    var poll = Poll(cursor: try cursor(in: rest) ?? previous)
    for element in pieces.elements {
      let bytes = body[element]
      do throws(JSONError) {
        messages.read(try JSONValue.parse(bytes), into: &poll, now: now)
      } catch {
        poll.unreadable.append(
          MessageReader.unreadable(id: nil, reason: "the message is not good JSON: \(error)", raw: bytes))
      }
    }
    return poll
  }

  private func checkCount(_ count: Int) throws(Problem) {
    guard count <= Self.maximumMessages else {
      throw Problem(reason: "holds \(count) messages; at most \(Self.maximumMessages) are taken at a time")
    }
  }

  private func cursor(in answer: JSONValue) throws(Problem) -> String? {
    switch answer.value(at: messages.fields.cursor) {
    case .none, .null, "": return nil
    case .string(let text):
      guard text.utf8.count <= Self.maximumCursor else {
        throw Problem(reason: "has a cursor of \(text.utf8.count) bytes; at most \(Self.maximumCursor) are taken")
      }
      return text
    case .integer(let number): return String(number)
    case .number(let number): return Int(exactly: number).map(String.init) ?? number.description
    case .some(let other): throw Problem(reason: "has \(other.kind) for its cursor, not a string")
    }
  }
}
