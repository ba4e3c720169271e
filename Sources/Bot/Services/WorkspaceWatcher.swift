package import Foundation
package import Logging
import Matching
import ServiceLifecycle
package import Support
import Workspace

/// Looks for changes on disk and puts the new workspace in place; a broken one is reported and the last good one stays.
/// While a matcher is being made, on a thread of its own, the one before goes on answering.
package struct WorkspaceWatcher: Service {
  let folder: URL
  let settingsFile: URL?
  let live: LiveWorkspace
  let matchers: MatcherSource
  let corrections: (any CorrectionBook)?
  let environment: Environment
  let logger: Logger
  private let queue = WorkQueue("workspace")

  private static let interval = Duration.seconds(1)
  /// Every so many intervals it is asked whether there is more to match with than before.
  private static let roundsBetweenLooks = 60

  package init(
    folder: URL, settingsFile: URL? = nil, live: LiveWorkspace, matchers: MatcherSource = .wordsAndCharacters,
    corrections: (any CorrectionBook)? = nil, environment: Environment = .live, logger: Logger
  ) {
    self.settingsFile = settingsFile
    self.folder = folder
    self.live = live
    self.matchers = matchers
    self.corrections = corrections
    self.environment = environment
    self.logger = logger
  }

  package func run() async {
    await cancelWhenGracefulShutdown {
      // Unknown at first: what is live was read before the watch began.
      var live: WorkspaceFingerprint?
      var last = WorkspaceFingerprint.of(folder, settingsFile: settingsFile)
      var rounds = 0
      // What is live was made with all findings that there were.
      var findings = await findingsCounter()
      while !Task.isCancelled {
        do { try await environment.sleep(Self.interval) } catch { return }
        let now = WorkspaceFingerprint.of(folder, settingsFile: settingsFile)
        // Only once it holds still: an editor may be half way through.
        if now == last, now != live {
          await reload()
          live = now
        }
        last = now
        rounds += 1
        if rounds % Self.roundsBetweenLooks == 0 {
          let counter = await findingsCounter()
          await renew(findingsAreNew: counter != findings)
          findings = counter
        }
      }
    }
  }

  /// Reads the folder and makes it live if it is good. Changes nothing when the task is cancelled.
  package func reload() async {
    let day = CalendarDay(environment.now())
    guard
      let reading = try? await queue.run({ [folder, settingsFile] _ in
        WorkspaceReader(folder: folder, settingsFile: settingsFile).read(asOf: day)
      })
    else { return }
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
    await replace(with: content, problems: reading.problems, because: "The workspace has changed and is live.")
  }

  /// Makes a new matcher of the workspace that is live if there is more to make it with: an encoder that there was not
  /// before, or people's findings.
  package func renew(findingsAreNew: Bool = false) async {
    let content = live.matcher.content
    let hasMore = try? await queue.run { [matchers] _ in matchers.hasMore(content) }
    guard hasMore == true || findingsAreNew else { return }
    await replace(with: content, problems: nil, because: "Matching has got more to go by.")
  }

  /// nil where the ledger cannot be read; then it is looked at again.
  private func findingsCounter() async -> Int? { try? await corrections?.correctionCounter() }

  /// - Parameter problems: nil keeps those that are known.
  private func replace(with content: WorkspaceContent, problems: [Problem]?, because reason: String) async {
    let started = environment.now()
    var findings: [Correction] = []
    do {
      findings = try await corrections?.corrections() ?? []
    } catch {
      logger.warning("What people found about decisions could not be read, and is left out until the next change.")
    }
    guard
      let matcher = try? await queue.run({ [matchers, findings] _ in matchers.make(content, findings) })
    else { return }
    live.replace(with: matcher, problems: problems ?? live.snapshot.problems)
    let seconds = environment.now().timeIntervalSince(started)
    logger.info(
      "\(reason)",
      metadata: [
        "version": "\(content.version)", "intents": "\(content.intents.count)", "articles": "\(content.articles.count)",
        "seconds": "\((seconds * 10).rounded() / 10)",
      ])
  }
}
