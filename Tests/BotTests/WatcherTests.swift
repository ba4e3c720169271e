import Bot
import Foundation
import Ledger
import Matching
import Support
import TestSupport
import Testing
import Workspace

@Suite(.timeLimit(.minutes(1))) struct LedgerWatcherTests {
  func watcher(_ bench: Workbench) -> LedgerWatcher {
    LedgerWatcher(
      ledger: bench.ledger, arrivals: bench.arrivals, replies: bench.replies, environment: bench.environment)
  }

  @Test func `what another process writes wakes those who send and decide`() async throws {
    let looks = Tally()
    let bench = try Workbench { call, ledger in
      guard call == .changeCounter else { return }
      looks.add()
      guard looks.count == 3 else { return }
      _ = try await ledger.receive(Poll(cursor: "c"), from: "elsewhere", at: .now)
    }
    let watcher = watcher(bench)
    try await bench.run({ await watcher.run() }) {
      await bench.replies.wait()
      await bench.arrivals.wait()
    }
    #expect(looks.count >= 3)
  }

  @Test func `a reply that is due wakes the sender, and not before`() async throws {
    let bench = try Workbench()
    try await bench.queue("one")
    let reply = try #require(try await bench.sqlite.sendable(at: bench.time.now, limit: 1, leavingOut: []).first)
    let due = bench.time.now + 10
    try await bench.sqlite.markFailed(reply.id, error: "No connection.", nextAttempt: due)
    let watcher = watcher(bench)
    try await bench.run({ await watcher.run() }) {
      await bench.replies.wait()
      #expect(bench.time.now >= due)
    }
  }

  @Test func `a ledger that cannot be read is looked at again`() async throws {
    let bench = try Workbench()
    bench.ledger.fail(.changeCounter, with: [.locked, .damaged])
    bench.ledger.fail(.nextAttempt, with: [.locked])
    let watcher = watcher(bench)
    try await bench.run({ await watcher.run() }) { await bench.ledger.answered(.changeCounter, 2) }
    #expect(bench.ledger.calls(.changeCounter) >= 4)
  }
}

@Suite(.timeLimit(.minutes(1))) struct WorkspaceWatcherTests {
  /// A workspace on disk with one article.
  final class Desk: Sendable {
    let bench: Workbench
    let folder: URL
    let live: LiveWorkspace

    init(sleepsThatPass: Int = 0) throws {
      bench = try Workbench(time: ManualTime(sleepsThatPass: sleepsThatPass))
      folder = bench.folder.appending(path: "workspace")
      try FileManager.default.createDirectory(
        at: folder.appending(path: "knowledge"), withIntermediateDirectories: true)
      try Self.write("From 50 USD.", in: folder)
      let reading = WorkspaceReader(folder: folder).read()
      live = LiveWorkspace(Matcher(try #require(reading.content)), problems: reading.problems)
    }

    static func write(_ body: String, title: String = "title: Smallest withdrawal", in folder: URL) throws {
      try "---\n\(title)\n---\n\(body)\n".write(
        to: folder.appending(path: "knowledge/minimum.md"), atomically: true, encoding: .utf8)
    }

    func write(_ body: String) throws { try Self.write(body, in: folder) }
    func breakIt() throws { try Self.write("Body.", title: "titel: [", in: folder) }

    var watcher: WorkspaceWatcher {
      WorkspaceWatcher(folder: folder, live: live, environment: bench.environment, logger: bench.logger)
    }

    var body: String? { live.matcher.content.articles.first?.body.trimmingCharacters(in: .whitespacesAndNewlines) }
  }

  @Test func `a good change goes live`() throws {
    let desk = try Desk()
    try desk.write("From 20 USD.")
    desk.watcher.reload()
    #expect(desk.body == "From 20 USD." && !desk.live.isBehind)
  }

  @Test func `a broken change leaves the last good version, and its problems are seen until it is mended`() throws {
    let desk = try Desk()
    let version = desk.live.matcher.content.version
    try desk.breakIt()
    desk.watcher.reload()
    #expect(desk.body == "From 50 USD." && desk.live.matcher.content.version == version)
    #expect(desk.live.isBehind)
    #expect(desk.live.snapshot.problems.contains { $0.location.file == "knowledge/minimum.md" })
    // Mended by going back to what is live anyway.
    try desk.write("From 50 USD.")
    desk.watcher.reload()
    #expect(!desk.live.isBehind && desk.body == "From 50 USD.")
  }

  @Test func `a folder that goes away leaves the last good version`() throws {
    let desk = try Desk()
    try FileManager.default.removeItem(at: desk.folder)
    desk.watcher.reload()
    #expect(desk.body == "From 50 USD." && desk.live.isBehind)
  }

  @Test func `a change between the start of the program and of the watcher goes live`() async throws {
    let desk = try Desk(sleepsThatPass: 5)
    try desk.write("From 20 USD.")
    let watcher = desk.watcher
    try await desk.bench.run({ await watcher.run() }) { await desk.bench.time.sleeps.reached(6) }
    #expect(desk.body == "From 20 USD.")
  }

  @Test func `a workspace that has not changed is left alone`() async throws {
    let desk = try Desk(sleepsThatPass: 5)
    let watcher = desk.watcher
    try await desk.bench.run({ await watcher.run() }) { await desk.bench.time.sleeps.reached(6) }
    #expect(desk.body == "From 50 USD." && desk.live.snapshot.problems.isEmpty)
  }
}
