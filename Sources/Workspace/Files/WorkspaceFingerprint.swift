package import Foundation
import Support

/// What the files of a workspace look like from outside: names, sizes, times and inodes. Two that are equal belong to
/// an unchanged workspace; nothing is opened, so it is cheap enough to take every second.
package struct WorkspaceFingerprint: Sendable, Hashable {
  private var entries: [WorkspaceFolder.Entry]
  /// A file that cannot be read, a link that leads nowhere: mending it is a change too.
  private var obstacles: [String]
  /// Of settings that stand in for the folder's own; nil where there are none, or they are gone.
  private var settingsFile: FileStatus?

  /// - Parameter folder: the workspace folder; one that is not there has a fingerprint as well.
  /// - Parameter settingsFile: settings used in the place of the folder's own `greenroom.yml`.
  package static func of(_ folder: URL, settingsFile: URL? = nil) -> WorkspaceFingerprint {
    let settings = settingsFile.flatMap { FileStatus(path: $0.path, followingLinks: true) }
    let folder = WorkspaceFolder(path: folder.path)
    let problems = ProblemLog()
    guard folder.checkFolder(problems) else {
      return WorkspaceFingerprint(
        entries: [], obstacles: problems.sorted.map(\.message), settingsFile: settings)
    }
    let own = folder.settingsEntry(problems).map { [$0] } ?? []
    return WorkspaceFingerprint(
      entries: own + folder.entries(of: .intents, problems) + folder.entries(of: .knowledge, problems)
        + folder.entries(of: .phrases, problems),
      obstacles: problems.sorted.map { "\($0.location): \($0.message)" }, settingsFile: settings)
  }
}
