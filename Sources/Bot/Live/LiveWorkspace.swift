package import Matching
package import Support
import Synchronization

/// The workspace that decides at the moment. A broken change never takes its place.
package final class LiveWorkspace: Sendable {
  package struct Snapshot: Sendable {
    package var matcher: Matcher
    /// Of the files as they are now; the matcher may be from before they broke.
    package var problems: [Problem]
  }

  private let current: Mutex<Snapshot>

  package init(_ matcher: Matcher, problems: [Problem]) {
    current = Mutex(Snapshot(matcher: matcher, problems: problems))
  }

  package var snapshot: Snapshot { current.withLock { $0 } }
  package var matcher: Matcher { snapshot.matcher }

  /// Whether what is on disk is broken, so that the last good version goes on.
  package var isBehind: Bool { snapshot.problems.contains { $0.severity == .error } }

  func replace(with matcher: Matcher, problems: [Problem]) {
    current.withLock { $0 = Snapshot(matcher: matcher, problems: problems) }
  }

  func keep(problems: [Problem]) {
    current.withLock { $0.problems = problems }
  }
}
