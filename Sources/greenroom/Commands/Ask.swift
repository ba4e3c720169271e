import ArgumentParser
import Foundation
import Insights
import JSON
import Matching
import Support

struct Ask: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Ask one question, or a file of them, and see what the bot would do and why.",
    discussion: """
      Nothing is sent and nothing is kept: each question is asked in a conversation of its own.
      --explain tells all that spoke for and against each candidate; JSON always does.
      With --batch, one JSON object a line in, {"text": …, "language": …, "region": …}, and one a line out, in order.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var matching: MatchingOptions
  @OptionGroup var asker: AskerOptions
  @Argument(help: "The question.")
  var text: String?
  @Option(
    name: .long, help: ArgumentHelp("Ask every line of this JSON Lines file; - is standard input.", valueName: "file"))
  var batch: String?
  @Flag(name: .long, help: "Tell everything that led to the decision.")
  var explain = false
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func validate() throws {
    if (text == nil) == (batch == nil) {
      throw ValidationError("Give either a question or --batch FILE.")
    }
  }

  func run() async throws {
    try await reporting {
      let content = try workspace.load(asOf: asker.day.day).content
      let matcher = await matching.matcher(of: content, in: workspace)
      let now = asker.day.moment(in: content.settings.desk.calendar.timeZone)
      if let text {
        let decision = matcher.decide(
          text, language: asker.language, region: asker.region, at: now)
        if json {
          print(decisionJSON(text: text, decision: decision).serialized(pretty: true))
        } else {
          print(Self.prose(decision, explained: explain), terminator: "")
        }
        return
      }
      for question in try QuestionFile.read(batch ?? "-") {
        let decision = matcher.decide(
          question.text, language: question.language ?? asker.language, region: question.region ?? asker.region,
          at: now)
        print(decisionJSON(text: question.text, decision: decision).serialized())
      }
    }
  }

  private static func prose(_ decision: Decision, explained: Bool) -> String {
    let reply = Terminal.harmless(decision.reply?.markdown(ticket: nil) ?? Terminal.styled("(silent)", .dim))
    let explanation = DecisionExplanation(
      decision.parts, width: Terminal.width ?? 100, colours: Terminal.hasColours)
    return reply + "\n\n" + (explained ? explanation.full : explanation.short)
  }
}

extension Matcher {
  /// The decision on a text in a conversation of its own.
  func decide(_ text: String, language: String?, region: String?, at now: Date) -> Decision {
    let message = Message(
      id: MessageID(channel: "ask", id: "1"), conversation: ConversationID(channel: "ask", room: "ask"),
      sender: Sender(id: "you", name: "you"), text: text, sentAt: now, language: language, region: region)
    return decide(message, in: ConversationState(), at: now)
  }
}
