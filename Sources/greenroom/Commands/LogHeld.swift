import ArgumentParser
import Foundation
import Ledger
import Support

/// The held reply a command is about, and who acts.
struct HeldReplyOptions: ParsableArguments {
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions
  @Argument(help: "The reply, by the number that 'greenroom log --set-aside' shows.")
  var id: Int
  @Option(name: .customLong("as"), help: "Who says so; by default $GREENROOM_PERSON, else the login name.")
  var person: String?

  func settle(as verdict: HeldOutcome.Verdict, done: String) async throws {
    let ledger = try data.openLedger(workspace)
    let reply = try await ledger.settle(id, as: verdict, by: DeskOptions.actor(named: person), at: Date())
    let place = Terminal.harmless("\(reply.conversation)").replacingOccurrences(of: "\n", with: " ")
    print("Reply \(reply.id) in \(place) \(done).")
  }
}

/// `greenroom log release`: a held reply goes out after all.
struct LogRelease: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "Send a held reply, again if it was on its way before.",
    discussion: """
      Look in the chat first: a reply that was on its way when the program ended may have arrived, and some servers \
      show it twice. A running bot sends it at once, and before whatever else waits in its \
      conversation.
      """)

  @OptionGroup var held: HeldReplyOptions

  func run() async throws {
    try await reporting { try await held.settle(as: .released, done: "is released and waits to be sent") }
  }
}

/// `greenroom log drop`: a held reply is done with.
struct LogDrop: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "drop", abstract: "Say that a held reply is not to be sent.")

  @OptionGroup var held: HeldReplyOptions
  @Flag(name: .long, help: "Because it had arrived: the log counts it as sent.")
  var arrived = false

  func run() async throws {
    try await reporting {
      try await held.settle(
        as: arrived ? .arrived : .dropped, done: arrived ? "counts as sent" : "is dropped and will not be sent")
    }
  }
}
