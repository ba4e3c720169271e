import ArgumentParser
import Bot
import Foundation
import Insights
import Matching
import Support

struct Chat: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Talk to the bot in the terminal.",
    discussion: """
      The same decisions as live, in a conversation that is forgotten at the end. A line that starts with / is for the \
      desk: /take, /reply TEXT, /resolve act on the ticket; /why explains the last decision; /quit leaves.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var matching: MatchingOptions
  @OptionGroup var asker: AskerOptions

  func run() async throws {
    try await reporting {
      let content = try workspace.load(asOf: asker.day.day).content
      var conversation = Rehearsal(
        await matching.matcher(of: content, in: workspace),
        at: asker.day.moment(in: content.settings.desk.calendar.timeZone),
        language: asker.language,
        region: asker.region)
      var last: Decision?
      print(Terminal.styled("Talking to \(content.settings.name). /quit leaves, /why explains.", .dim))
      while true {
        if isatty(STDIN_FILENO) == 1 { print(Terminal.styled("you> ", .blue, .bold), terminator: "") }
        fflush(nil)
        guard let line = readLine() else { break }
        let text = line.trimmingCharacters(in: .whitespaces)
        if text.isEmpty { continue }
        if text == "/quit" || text == "/exit" { break }
        if text.hasPrefix("/") {
          print(Self.desk(text, &conversation, last))
          continue
        }
        if asker.day.asOf == nil { conversation.now = Date() }
        let exchange = conversation.say(text)
        last = exchange.decision
        print(
          Terminal.styled("bot> ", .green, .bold)
            + Terminal.harmless(exchange.reply ?? Terminal.styled("(silent)", .dim)))
      }
    }
  }

  private static func desk(_ line: String, _ conversation: inout Rehearsal, _ last: Decision?) -> String {
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    do {
      switch words[0] {
      case "/why":
        guard let last else { return "Nothing has been decided yet." }
        let explanation = DecisionExplanation(
          last.parts, width: Terminal.width ?? 100, colours: Terminal.hasColours)
        return explanation.full.trimmingCharacters(in: .newlines)
      case "/take": return try said(conversation.act(.take, by: "you at the desk"))
      case "/reply":
        return try said(conversation.act(.reply(text: words.count > 1 ? words[1] : ""), by: "you at the desk"))
      case "/resolve": return try said(conversation.act(.resolve, by: "you at the desk"))
      default: return "There is no \(words[0]). There are /take, /reply TEXT, /resolve, /why and /quit."
      }
    } catch let error as TicketActionError {
      return error.description
    } catch {
      return error.localizedDescription
    }
  }

  private static func said(_ transition: TicketTransition) -> String {
    let reply = transition.reply.map { "\(Terminal.styled("person> ", .yellow, .bold))\($0)\n" } ?? ""
    return reply + Terminal.styled("ticket #\(transition.ticket.number) is \(transition.ticket.state.rawValue)", .dim)
  }
}
