import ArgumentParser
import Foundation
import Insights
import JSON
import Ledger
import Support

struct TicketCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ticket", abstract: "Work the tickets: the questions that a person handles.",
    subcommands: [
      List.self, Show.self, Take.self, Note.self, Reply.self, Move.self, Resolve.self, Close.self, Reopen.self,
    ])
}

/// The ticket a command is about, and who acts.
struct DeskOptions: ParsableArguments {
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions
  @Argument(help: "The ticket's number.")
  var number: Int
  @Option(name: .customLong("as"), help: "Who acts; by default $GREENROOM_PERSON, else the login name.")
  var person: String?
  @Flag(name: .long, help: "Print the ticket as JSON.")
  var json = false

  var actor: String { Self.actor(named: person) }

  /// Who acts: as said, else as the environment says.
  static func actor(named person: String?) -> String {
    let environment = ProcessInfo.processInfo.environment
    let name = person ?? environment["GREENROOM_PERSON"] ?? environment["USER"] ?? NSUserName()
    return name.isEmpty ? "desk" : name
  }

  /// Does it and says what became of the ticket.
  func act(_ action: TicketAction, done: String) async throws {
    let ledger = try data.openLedger(workspace)
    let ticket = try await ledger.act(action, on: number, by: actor, at: Date())
    if json {
      print(TicketOutput(ticket, history: try await ledger.history(of: number)).json.serialized(pretty: true))
    } else {
      print("Ticket #\(number) \(done). It is \(ticket.state.rawValue)\(ticket.owner.map { ", with \($0)" } ?? "").")
    }
  }
}

extension TicketCommand {
  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List tickets, the one due first at the top.",
      discussion: "Without --state or --all, the tickets that somebody still has to do something about.")

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var data: DataOptions
    @Option(
      name: .long, help: "Only in this state: new, open, waiting-on-agency, on-hold, resolved or closed. Repeatable.")
    var state: [TicketState] = []
    @Flag(name: .long, help: "In any state.")
    var all = false
    @Option(name: .long, help: "Only in this queue.")
    var queue: String?
    @Option(name: .long, help: "Only what this person has taken.")
    var owner: String?
    @Option(name: .long, help: "Only of this agency.")
    var agency: String?
    @Flag(name: .long, help: "Print JSON.")
    var json = false

    func run() async throws {
      try await reporting {
        let ledger = try data.openLedger(workspace)
        let states = all ? [] : state.isEmpty ? Set(TicketState.allCases.filter(\.isActive)) : Set(state)
        let tickets = try await ledger.tickets(
          TicketFilter(states: states, queue: queue, owner: owner, agency: agency))
        if json {
          print(JSONValue.array(tickets.map { TicketOutput($0).json }).serialized(pretty: true))
        } else if tickets.isEmpty {
          print("No tickets.")
        } else {
          print(TicketOutput.table(tickets, at: Date()))
        }
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Show a ticket with its whole history.")
    @OptionGroup var desk: DeskOptions

    func run() async throws {
      try await reporting {
        let ledger = try desk.data.openLedger(desk.workspace)
        guard let ticket = try await ledger.ticket(desk.number) else {
          throw TicketActionError(
            .noSuchTicket, "There is no ticket #\(desk.number). See 'greenroom ticket list --all'.")
        }
        let output = TicketOutput(ticket, history: try await ledger.history(of: desk.number))
        print(desk.json ? output.json.serialized(pretty: true) : output.prose)
      }
    }
  }

  struct Take: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Take a ticket. From here on the bot is silent in its conversation.")
    @OptionGroup var desk: DeskOptions

    func run() async throws {
      try await reporting { try await desk.act(.take, done: "is taken by \(desk.actor)") }
    }
  }

  struct Note: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Write a case note. The agency never sees it.")
    @OptionGroup var desk: DeskOptions
    @Argument(help: "The note.")
    var text: String?
    @Option(name: .long, help: "What has been tried.")
    var tried: String?
    @Option(name: .long, help: "What is known for sure, and from where.")
    var evidence: String?
    @Option(name: .long, help: "What happens next.")
    var nextStep: String?
    @Option(name: .long, help: "Who does it.")
    var owner: String?
    @Option(name: .long, help: "By when: 2026-11-23 or 2026-11-23T10:00:00Z.")
    var due: Moment?

    func run() async throws {
      try await reporting {
        let note = CaseNote(
          text: text, tried: tried, evidence: evidence, nextStep: nextStep, owner: owner, due: due?.date)
        try await desk.act(.note(note), done: "has a new case note")
      }
    }
  }

  struct Reply: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Reply to the agency, through the bot. Who replies takes the ticket.",
      discussion: "The reply is Markdown; - reads it from standard input. It is sent by the running bot, at once.")
    @OptionGroup var desk: DeskOptions
    @Argument(help: "The reply.")
    var text: String
    @Flag(name: .long, help: "Resolve the ticket after the reply.")
    var resolve = false

    func run() async throws {
      try await reporting {
        var text = text
        if text == "-" {
          text = String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
        }
        if resolve {
          let ledger = try desk.data.openLedger(desk.workspace)
          try await ledger.act(.reply(text: text), on: desk.number, by: desk.actor, at: Date())
          try await desk.act(.resolve, done: "is replied to and resolved")
        } else {
          try await desk.act(.reply(text: text), done: "is replied to")
        }
      }
    }
  }

  struct Move: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "move", abstract: "Put a ticket into open, waiting-on-agency or on-hold.")
    @OptionGroup var desk: DeskOptions
    @Argument(help: "open, waiting-on-agency or on-hold.")
    var state: TicketState

    func run() async throws {
      try await reporting { try await desk.act(.setState(state), done: "is moved") }
    }
  }

  struct Resolve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Resolve a ticket and hand the conversation back to the bot.")
    @OptionGroup var desk: DeskOptions

    func run() async throws {
      try await reporting { try await desk.act(.resolve, done: "is resolved") }
    }
  }

  struct Close: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Close a ticket for good and hand the conversation back to the bot.",
      discussion: "Unlike a resolved ticket, no message of the agency reopens it; 'reopen' still does.")
    @OptionGroup var desk: DeskOptions

    func run() async throws {
      try await reporting { try await desk.act(.close, done: "is closed") }
    }
  }

  struct Reopen: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Reopen a resolved or closed ticket.")
    @OptionGroup var desk: DeskOptions

    func run() async throws {
      try await reporting { try await desk.act(.reopen, done: "is reopened") }
    }
  }
}

extension TicketState: ExpressibleByArgument {}
