import Channels
import Foundation
import HTTP
import Support
import Workspace

/// Where a new channel's lines and its secret go, and how it is tested before they are there.
struct ChannelPlan: Sendable {
  let workspaceFolder: URL
  let dataFolder: URL
  let file: SettingsFile
  let http: HTTPClient

  init(workspace: WorkspaceOptions, data: DataOptions, http: HTTPClient) {
    let settings = workspace.read(asOf: CalendarDay(Date())).content?.settings ?? Settings()
    workspaceFolder = workspace.folder
    dataFolder = data.folder(settings: settings, workspace: workspace.folder)
    file = SettingsFile(
      workspace.settingsFile ?? workspace.folder.appending(path: "greenroom.yml", directoryHint: .notDirectory))
    self.http = http
  }

  /// A variable that is set for a test only, and in this program only.
  private static let variable = "GREENROOM_SECRET_BEING_SET_UP"

  private var secrets: URL { dataFolder.appending(path: "secrets", directoryHint: .isDirectory) }

  func secretFile(_ name: String) -> SecretFile { SecretFile(folder: secrets, name: name) }

  /// As `greenroom.yml` says it.
  func secretPath(_ name: String) -> String {
    written(secrets.appending(path: name, directoryHint: .notDirectory))
  }

  /// From the workspace folder on where it is in there, else absolute.
  func written(_ file: URL) -> String {
    let folder = workspaceFolder.absoluteURL.standardizedFileURL.path(percentEncoded: false)
    let path = file.absoluteURL.standardizedFileURL.path(percentEncoded: false)
    let start = folder.hasSuffix("/") ? folder : folder + "/"
    return path.hasPrefix(start) ? String(path.dropFirst(start.count)) : path
  }

  /// What stands in the way of a draft, a name that is taken among it.
  func problems(_ draft: ChannelDraft) -> [ChannelDraftProblem] {
    var problems = draft.read().problems
    if draft.name == EmbeddedChannel.name {
      problems.append(
        ChannelDraftProblem(key: "name", message: "The name 'chat' is the embedded chat's: take another one."))
    }
    do throws(SettingsAddition.Obstacle) {
      _ = try SettingsAddition(ChannelDraft(name: draft.name, type: "x")).adding(to: (try? file.bytes()) ?? [])
    } catch {
      if case .nameTaken(let line) = error {
        problems.append(
          ChannelDraftProblem(
            key: "name", message: "There is a channel '\(draft.name)' already, at line \(line): take another name."))
      }
    }
    return problems
  }

  /// - Parameter secret: one that is in no file yet.
  func findings(_ draft: ChannelDraft, _ secret: Secret?) async throws -> [ChannelFinding] {
    var draft = draft
    var channels = ChannelAssembly(workspaceFolder: workspaceFolder, dataFolder: dataFolder, http: http)
    if let secret {
      draft = draft.fetchingSecrets(from: .environment(Self.variable))
      channels.environment[Self.variable] = secret.revealed
    }
    let (settings, problems) = draft.read()
    guard let settings else { throw Failure(problems.map(\.message).joined(separator: "\n")) }
    return try await channels.findings(settings)
  }

  /// What came of it.
  enum Added: Sendable {
    case written(secret: String?)
    /// The secret is kept; the lines have to be pasted, because of this.
    case toPaste(String, secret: String?)
  }

  /// Secret first, then the lines: both, or neither.
  func add(_ draft: ChannelDraft, _ secret: Secret?) throws -> Added {
    let old = try file.bytes()
    let new: [UInt8]
    do throws(SettingsAddition.Obstacle) {
      new = try SettingsAddition(draft).adding(to: old)
    } catch {
      switch error {
      case .nameTaken(let line):
        throw Failure("There is a channel '\(draft.name)' already, at line \(line) of \(file.path): take another name.")
      case .needsPerson(let reason):
        return .toPaste("\(file.path) \(reason)", secret: try keep(secret, draft.name)?.path)
      }
    }
    guard !file.isReadOnly else {
      return .toPaste("\(file.path) may not be written to", secret: try keep(secret, draft.name)?.path)
    }
    let kept = try keep(secret, draft.name)
    do {
      try file.replace(old, with: new)
    } catch {
      if kept?.isNew == true { secretFile(draft.name).remove() }
      throw error
    }
    return .written(secret: kept?.path)
  }

  private func keep(_ secret: Secret?, _ name: String) throws -> (path: String, isNew: Bool)? {
    guard let secret else { return nil }
    let file = secretFile(name)
    return (file.path, try file.write(secret) == .new)
  }
}
