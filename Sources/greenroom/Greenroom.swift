import ArgumentParser

@main
struct Greenroom: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "greenroom",
    abstract: "A support assistant that lives in the chat of creator networks.",
    discussion: """
      It answers from the intent rules and articles of a workspace folder, or opens a ticket that a person handles.

      Exit codes: 0 done; 1 looked and found something wrong (check, test); 2 could not do it, and says why; 64 the \
      command line itself is wrong.
      """,
    version: "0.1.0",
    subcommands: [
      Run.self, Status.self, ChannelCommand.self, Ask.self, Chat.self, Check.self, Test.self, Log.self, Report.self,
      TicketCommand.self,
      Evaluate.self,
      ModelCommand.self,
    ])
}
