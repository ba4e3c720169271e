package import Foundation
package import Logging
import Matching
import ServiceLifecycle
import Support
import Workspace

/// Looks for changes on disk and puts the new workspace in place; a broken one is reported and the last good one stays.
package struct WorkspaceWatcher: Service {
  let folder: URL
  let settingsFile: URL?
  let live: LiveWorkspace
  let environment: Environment
  let logger: Logger

  private static let interval = Duration.seconds(1)

  package init(
    folder: URL, settingsFile: URL? = nil, live: LiveWorkspace, environment: Environment = .live, logger: Logger
  ) {
    self.settingsFile = settingsFile
    self.folder = folder
    self.live = live
    self.environment = environment
    self.logger = logger
  }

  package func run() async {
    await cancelWhenGracefulShutdown {
      // Unknown at first: what is live was read before the watch began.
      var live: WorkspaceFingerprint?
      var last = WorkspaceFingerprint.of(folder, settingsFile: settingsFile)
      while !Task.isCancelled {
        do { try await environment.sleep(Self.interval) } catch { return }
        let now = WorkspaceFingerprint.of(folder, settingsFile: settingsFile)
        // Only once it holds still: an editor may be half way through.
        if now == last, now != live {
          reload()
          live = now
        }
        last = now
      }
    }
  }

  /// Reads the folder and makes it live if it is good.
  package func reload() {
    let reading = WorkspaceReader(folder: folder, settingsFile: settingsFile).read(asOf: CalendarDay(environment.now()))
    guard let content = reading.content else {
      live.keep(problems: reading.problems)
      logger.error(
        "The workspace is broken and the last good version stays: see 'greenroom check'.",
        metadata: ["errors": "\(reading.problems.filter { $0.severity == .error }.count)"])
      for problem in reading.problems.prefix(5) where problem.severity == .error {
        logger.error("\(problem.location): \(problem.message)")
      }
      return
    }
    // Making a matcher takes time; the one there is does for files that say the same.
    guard content.version != live.matcher.content.version else { return live.keep(problems: reading.problems) }
    live.replace(with: Matcher(content), problems: reading.problems)
    logger.info(
      "The workspace has changed and is live.",
      metadata: [
        "version": "\(content.version)", "intents": "\(content.intents.count)", "articles": "\(content.articles.count)",
      ])
  }
}
