import ArgumentParser
import Foundation
import HTTP
import JSON
import Ledger
import Support
import Workspace

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show how the running bot is doing: each channel, what waits, and what went wrong.",
    discussion: """
      Asks the bot's own /health. Exit code 0 when all is well, 1 when something is not, 2 when the bot cannot be asked; \
      then what waits in the ledger is shown all the same.
      """)

  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Where the bot is; by default the host and port that 'greenroom run' would take.", valueName: "address"))
  var url: String?
  @Flag(name: .long, help: "Print what /health says, as JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let settings = workspace.read(asOf: CalendarDay(Date())).content?.settings ?? Settings()
      let address = try address(settings)
      let health: JSONValue
      do {
        health = try await Self.health(at: address)
      } catch {
        if let waiting = await waiting(settings) { Terminal.note(waiting) }
        throw error
      }
      print(json ? health.serialized(pretty: true) : StatusOutput(health, address: address, now: Date()).prose)
      if health["status"]?.string != "ok" { throw ExitCode(1) }
    }
  }

  private func address(_ settings: Settings) throws -> String {
    if let url { return url.hasSuffix("/") ? String(url.dropLast()) : url }
    let run = RunSettings(flags: [:], settings: settings, workspace: workspace.folder)
    guard run.port != 0 else {
      throw Failure("The bot takes a free port when it starts: name its address with --url.")
    }
    // What listens everywhere is asked here.
    let host = ["0.0.0.0", "::"].contains(run.host) ? "127.0.0.1" : run.host
    return "http://\(host.contains(":") ? "[\(host)]" : host):\(run.port)"
  }

  private static func health(at address: String) async throws -> JSONValue {
    let response: HTTPResponse
    do {
      response = try await HTTPClient().send(
        HTTPRequest(.get, url: address + "/health", timeout: .seconds(10), connectTimeout: .seconds(3)))
    } catch let error as HTTPError {
      throw Failure(
        "The bot could not be asked: \(error.description). Start it with 'greenroom run', or name its address with --url."
      )
    }
    guard [200, 503].contains(response.status), let health = try? JSONValue.parse(response.body),
      health["status"]?.string != nil
    else {
      throw Failure(
        "What answers at \(address) is no bot: its /health answered \(response.status). Name the bot's address with --url."
      )
    }
    return health
  }

  /// What a bot that is not running has left to do; nil where there is no ledger.
  private func waiting(_ settings: Settings) async -> String? {
    let folder = data.folder(settings: settings, workspace: workspace.folder)
    guard FileManager.default.fileExists(atPath: SQLiteLedger.file(in: folder).path(percentEncoded: false)),
      let queues = try? await SQLiteLedger(folder: folder).queues()
    else { return nil }
    guard !queues.isEmpty else { return "Nothing waits in the ledger." }
    return "In the ledger wait:\n" + StatusOutput.table(queues, now: Date())
  }
}
