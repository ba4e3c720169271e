import ArgumentParser
import Foundation
import Ledger
import Support
import Workspace

/// Which data folder holds the ledger.
struct DataOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The data folder; by default var/ in the workspace, or as its greenroom.yml says.", valueName: "dir"))
  var data: String?

  /// Flags go before the environment, that before the file, that before the default.
  func folder(settings: Settings, workspace: URL) -> URL {
    if let data = data ?? ProcessInfo.processInfo.environment["GREENROOM_DATA"] {
      return URL(filePath: data, directoryHint: .isDirectory)
    }
    return URL(filePath: settings.store.folder, directoryHint: .isDirectory, relativeTo: workspace)
  }

  /// The ledger of a workspace that a bot has run on.
  /// - Throws: `Failure` when there is none yet, or `LedgerError`.
  func openLedger(_ options: WorkspaceOptions) throws -> SQLiteLedger {
    let settings = options.read(asOf: CalendarDay(Date())).content?.settings ?? Settings()
    let folder = folder(settings: settings, workspace: options.folder)
    guard FileManager.default.fileExists(atPath: SQLiteLedger.file(in: folder).path(percentEncoded: false)) else {
      throw Failure(
        "There is no ledger in \(folder.path(percentEncoded: false)) yet. Start the bot with 'greenroom run', or name its data folder with --data."
      )
    }
    return try SQLiteLedger(folder: folder)
  }
}
