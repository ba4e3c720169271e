import Bot
import Foundation
import Ledger
import Matching
import Support
import Synchronization
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

    var watcher: WorkspaceWatcher { watcher(.wordsAndCharacters) }

    func watcher(_ matchers: MatcherSource) -> WorkspaceWatcher {
      WorkspaceWatcher(
        folder: folder, live: live, matchers: matchers, corrections: bench.sqlite, environment: bench.environment,
        logger: bench.logger)
    }

    var body: String? { live.matcher.content.articles.first?.body.trimmingCharacters(in: .whitespacesAndNewlines) }
  }

  @Test func `a good change goes live`() async throws {
    let desk = try Desk()
    try desk.write("From 20 USD.")
    await desk.watcher.reload()
    #expect(desk.body == "From 20 USD." && !desk.live.isBehind)
  }

  @Test func `a broken change leaves the last good version, and its problems are seen until it is mended`() async throws
  {
    let desk = try Desk()
    let version = desk.live.matcher.content.version
    try desk.breakIt()
    await desk.watcher.reload()
    #expect(desk.body == "From 50 USD." && desk.live.matcher.content.version == version)
    #expect(desk.live.isBehind)
    #expect(desk.live.snapshot.problems.contains { $0.location.file == "knowledge/minimum.md" })
    // Mended by going back to what is live anyway.
    try desk.write("From 50 USD.")
    await desk.watcher.reload()
    #expect(!desk.live.isBehind && desk.body == "From 50 USD.")
  }

  @Test func `a folder that goes away leaves the last good version`() async throws {
    let desk = try Desk()
    try FileManager.default.removeItem(at: desk.folder)
    await desk.watcher.reload()
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

  @Test func `while a matcher is being made the one before goes on answering`() async throws {
    let desk = try Desk()
    let gate = WorkQueueTests.Gate()
    let begun = Tally()
    let watcher = desk.watcher(
      MatcherSource(make: { content, _ in
        begun.add()
        gate.pass()
        return Matcher(content)
      }))
    try desk.write("From 20 USD.")
    let reload = Task { await watcher.reload() }
    await begun.reached(1)
    #expect(desk.body == "From 50 USD.")
    try await desk.bench.take(desk.bench.message("Smallest withdrawal"))
    #expect(try await desk.bench.decider(desk.live).decideBatch() == 1)
    let reply = try await desk.bench.sqlite.interactions(InteractionFilter(direction: .outgoing)).first
    #expect(reply?.text.contains("From 50 USD.") == true)
    gate.open()
    await reload.value
    #expect(desk.body == "From 20 USD.")
  }

  @Test func `a stop does not wait for a matcher that is being made, which then never goes live`() async throws {
    let desk = try Desk()
    let gate = WorkQueueTests.Gate()
    let begun = Tally()
    let watcher = desk.watcher(
      MatcherSource(make: { content, _ in
        begun.add()
        gate.pass()
        return Matcher(content)
      }))
    try desk.write("From 20 USD.")
    let reload = Task { await watcher.reload() }
    await begun.reached(1)
    reload.cancel()
    await reload.value
    gate.open()
    #expect(desk.body == "From 50 USD.")
  }

  @Test func `a model that is installed while the bot runs is taken up, and only then is a matcher made`() async throws
  {
    let desk = try Desk(sleepsThatPass: 130)
    let made = Tally()
    let asked = Tally()
    let watcher = desk.watcher(
      MatcherSource(
        make: { content, _ in
          made.add()
          return Matcher(content)
        },
        hasMore: { content in
          #expect(content.articles.count == 1)
          asked.add()
          return asked.count == 2
        }))
    try await desk.bench.run({ await watcher.run() }) { await desk.bench.time.sleeps.reached(131) }
    #expect(asked.count == 2 && made.count == 1)
    #expect(desk.body == "From 50 USD." && !desk.live.isBehind)
  }

  @Test func `a model that comes while the workspace on disk is broken is taken up, and the problems stay`()
    async throws
  {
    let desk = try Desk()
    try desk.breakIt()
    let watcher = desk.watcher(MatcherSource(make: { content, _ in Matcher(content) }, hasMore: { _ in true }))
    await watcher.reload()
    await watcher.renew()
    #expect(desk.live.isBehind && desk.body == "From 50 USD.")
  }

  @Test func `what people find is learnt from within a minute, once, and handed on with each change`() async throws {
    let desk = try Desk(sleepsThatPass: 190)
    let made = Handed()
    let matchers = MatcherSource(make: { content, corrections in
      made.add(corrections)
      return Matcher(content, corrections: corrections)
    })
    let book = Book()
    let watcher = WorkspaceWatcher(
      folder: desk.folder, live: desk.live, matchers: matchers, corrections: book, environment: desk.bench.environment,
      logger: desk.bench.logger)
    try await desk.bench.run({ await watcher.run() }) { await desk.bench.time.sleeps.reached(191) }
    #expect(made.all == [[Book.finding]])
    try desk.write("From 20 USD.")
    await watcher.reload()
    #expect(made.all == [[Book.finding], [Book.finding]])
  }

  @Test func `findings that cannot be read keep no change from going live`() async throws {
    let desk = try Desk()
    try desk.write("From 20 USD.")
    try desk.bench.sqlite.close()
    await desk.watcher.reload()
    #expect(desk.body == "From 20 USD.")
  }

  /// Empty when it is first looked at; afterwards it holds one finding.
  private final class Book: CorrectionBook {
    static let finding = Correction(
      interaction: 1, question: "Smallest withdrawal", did: .answer, confidence: 0.9, workspaceVersion: "v",
      verdict: .nothingAnswers, by: "amira", at: Date(timeIntervalSince1970: 1_795_428_000))
    private let looks = Tally()

    func correct(
      _ interaction: Int, part: Int?, verdict: Correction.Verdict, by person: String, at now: Date
    ) async throws -> Correction { Self.finding }

    func corrections() async throws -> [Correction] { [Self.finding] }

    func correctionCounter() async throws -> Int {
      looks.add()
      return looks.count == 1 ? 0 : 1
    }
  }

  /// The corrections that each matcher was made with.
  private final class Handed: Sendable {
    private let lists = Mutex<[[Correction]]>([])
    var all: [[Correction]] { lists.withLock { $0 } }
    func add(_ corrections: [Correction]) { lists.withLock { $0.append(corrections) } }
  }
}
