import Foundation
import JSON
import TestSupport
import Testing

/// What agencies write in a test of many messages, and what the bot must make of each.
struct ChatScript: Sendable {
  enum Expected: Sendable, Hashable {
    case reply(containing: String)
    /// Opens the conversation's ticket in that queue, or goes onto it.
    case ticket(queue: String)
    case nothing
  }

  struct Line: Sendable {
    var incoming: IncomingMessage
    var expected: Expected
  }

  private(set) var messages: [Line] = []

  /// Every conversation has lines of every kind, in an order of its own; conversations are shuffled into each other.
  init(conversations: Int, messages count: Int, using random: inout SeededGenerator) {
    var pending: [Int: Expected] = [:]
    var withPayoutTicket = Set<Int>()
    for number in 0..<count {
      let conversation = Int.random(in: 0..<conversations, using: &random)
      let (text, expected): (String, Expected) =
        if let answer = pending.removeValue(forKey: conversation) {
          ("@creator\(conversation)", answer)
        } else {
          switch Int.random(in: 0..<11, using: &random) {
          case 0: ("I want to talk to a person", .ticket(queue: "general"))
          case 1: ("we have a letter from a lawyer", .ticket(queue: "legal"))
          case 2: ("somebody sent a threat", .ticket(queue: "safety"))
          case 3 where withPayoutTicket.contains(conversation):
            // The ticket is there: nothing is asked again.
            ("payout missing", .ticket(queue: "payouts"))
          case 3: ("payout missing", .reply(containing: "Which creator is it?"))
          case 7: ("what is the creator level", .reply(containing: "Whose level?"))
          case 4: ("thanks!", .nothing)
          case 5, 6: ("what is the payout schedule", .reply(containing: "Payouts go out on the 15th."))
          default: ("what are your opening hours", .reply(containing: "We are open from nine to six."))
          }
        }
      if expected == .reply(containing: "Which creator is it?") {
        pending[conversation] = .ticket(queue: "payouts")
        withPayoutTicket.insert(conversation)
      } else if expected == .reply(containing: "Whose level?") {
        pending[conversation] = .reply(containing: "Levels stand on the creator's page.")
      }
      messages.append(
        Line(
          incoming: IncomingMessage(
            id: "m-\(number)", conversation: "room-\(conversation)", senderID: "u\(conversation)", text: text),
          expected: expected))
    }
  }

  /// Each message that must be answered has one reply, in order, with the right content.
  func check(_ server: WebhookServer) throws {
    let replies = server.replies()
    #expect(server.conflicts().isEmpty)
    #expect(Set(replies.map(\.key)).count == replies.count)
    #expect(replies.count == messages.filter { $0.expected != .nothing }.count)
    let byRoom = Dictionary(grouping: replies, by: \.conversation)
    var tickets: [String: Int] = [:]
    for (room, lines) in Dictionary(grouping: messages, by: \.incoming.conversation) {
      let wanted = lines.filter { $0.expected != .nothing }
      let found = byRoom[room] ?? []
      #expect(found.map(\.inReplyTo) == wanted.map(\.incoming.id), "\(room) was answered out of order or not once")
      for (line, reply) in zip(wanted, found) {
        switch line.expected {
        case .reply(let text): #expect(reply.text.contains(text), "\(line.incoming.id)")
        case .ticket(let queue):
          let number = try #require(Self.ticketNumber(in: reply.text), "\(line.incoming.id): \(reply.text)")
          let known = tickets["\(room)/\(queue)"]
          let start = known == nil ? "I have passed this to a person" : "I have added this to ticket"
          #expect(reply.text.hasPrefix(start) && number == known ?? number, "\(line.incoming.id): \(reply.text)")
          tickets["\(room)/\(queue)"] = number
        case .nothing: break
        }
      }
    }
    #expect(Set(tickets.values).count == tickets.count, "two matters share a ticket")
  }

  /// Numbers without gaps, one for each matter, as the agencies were told.
  func checkTickets(of workspace: TestWorkspace, _ server: WebhookServer) async throws {
    let list = try await workspace.run("ticket", "list", "--all", "--json")
    let tickets = try #require(try JSONValue.parse(list.output).array)
    let numbers = tickets.compactMap { $0["number"]?.int }.sorted()
    #expect(numbers == Array(1...max(1, numbers.count)))
    let told = server.replies().filter { $0.text.hasPrefix("I have passed this") }
      .compactMap { Self.ticketNumber(in: $0.text) }
    #expect(told.sorted() == numbers)
    let named = server.replies().reduce(into: [String: Int]()) { rooms, reply in
      guard reply.text.hasPrefix("I have passed"), let number = Self.ticketNumber(in: reply.text) else { return }
      rooms["#\(number)"] = Int(reply.conversation.dropFirst("room-".count))
    }
    for ticket in tickets {
      let room = try #require(ticket["number"]?.int.flatMap { named["#\($0)"] })
      #expect(ticket["conversation"]?.string?.contains("room-\(room)") == true)
    }
  }

  /// The log holds each message once and each reply once, and every reply as sent.
  ///
  /// Read while the bot runs: it may still be writing down that the last one was sent, so it is looked at again.
  func checkLog(of workspace: TestWorkspace) async throws {
    var incoming: [String] = []
    var outgoing: [JSONValue] = []
    for _ in 0..<20 {
      let log = try await workspace.run("log", "--json", "--limit", "0")
      #expect(log.code == 0)
      let lines = try log.lines.map { try JSONValue.parse($0) }
      incoming = lines.filter { $0["direction"]?.string == "in" }.compactMap { $0["message"]?.string }
      outgoing = lines.filter { $0["direction"]?.string == "out" }
      if outgoing.allSatisfy({ $0["result"]?.string == "sent" }) { break }
    }
    #expect(incoming.count == messages.count)
    #expect(Set(incoming).count == incoming.count)
    #expect(outgoing.count == messages.filter { $0.expected != .nothing }.count)
    #expect(outgoing.allSatisfy { $0["result"]?.string == "sent" })
    let aside = try await workspace.run("log", "--set-aside")
    #expect(aside.output == "Nothing has been set aside.\n")
  }

  static func ticketNumber(in text: String) -> Int? {
    guard let mark = text.range(of: "**#") else { return nil }
    return Int(text[mark.upperBound...].prefix { $0.isNumber })
  }
}
