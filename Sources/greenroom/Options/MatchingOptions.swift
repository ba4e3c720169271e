import ArgumentParser
import Bot
import Foundation
import Ledger
import Matching
import Support

/// What a command that decides matches with.
struct MatchingOptions: ParsableArguments {
  @OptionGroup var data: DataOptions

  @Flag(name: .customLong("no-models"), help: "Match on words and characters alone.")
  var noModels = false

  @Flag(name: .customLong("no-cache"), help: "Neither use nor keep what was worked out from the workspace before.")
  var noCache = false

  /// The matcher of a workspace, with progress on standard error where that is a terminal.
  func matcher(of content: WorkspaceContent, in workspace: WorkspaceOptions) async -> Matcher {
    await matcherAndHealth(of: content, in: workspace).matcher
  }

  /// The same, with what it matches with.
  func matcherAndHealth(
    of content: WorkspaceContent, in workspace: WorkspaceOptions
  ) async -> (matcher: Matcher, health: MatchingHealth) {
    let folder = data.folder(settings: content.settings, workspace: workspace.folder)
    let assembly = MatcherAssembly(
      dataFolder: folder, workspaceFolder: workspace.folder, usesEncoders: !noModels, usesCache: !noCache)
    let line = MatcherProgressLine()
    let matcher = assembly.matcher(of: content, corrections: await Self.corrections(in: folder)) { line.show($0) }
    line.clear()
    return (matcher, assembly.health(of: content.settings.matching))
  }

  /// What people found about the bot's decisions, so that the thresholds are those of the bot that runs there. A command
  /// that only looks changes nothing, and does without where there is no ledger that it can read.
  private static func corrections(in folder: URL) async -> [Correction] {
    guard let ledger = try? SQLiteLedger(folder: folder, mode: .readOnly) else { return [] }
    let found = try? await ledger.corrections()
    try? ledger.close()
    return found ?? []
  }
}
