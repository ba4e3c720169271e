import Console
import Foundation
import JSON
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Support
import TestSupport
import Testing

@Suite("Pages, health and starting up", .timeLimit(.minutes(1)))
struct PageTests {
  /// The stored copies. With GREENROOM_RECORD=1 in the environment they are written anew.
  private static func expectSnapshot(_ text: String, _ name: String) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots/\(name)")
    if ProcessInfo.processInfo.environment["GREENROOM_RECORD"] == "1" {
      try Data(text.utf8).write(to: file)
    }
    #expect(text == String(decoding: try Data(contentsOf: file), as: UTF8.self), "differs from \(name)")
  }

  @Test func theChatPageIsTheStoredOne() async throws {
    try await RunningConsole.run { console in
      let cookie = "greenroom_chat=" + String(repeating: "0123456789abcdef", count: 4)
      let first = try await console.client.get("/chat", [("Cookie", cookie)])
      #expect(first.status == 200)
      try Self.expectSnapshot(first.body, "chat-first-visit.html")
      let fields = #"{"name":"Ana \"<&'>","network":"Stellar","region":"EU","language":"pt-BR"}"#
      let member = Data(fields.utf8).base64EncodedString().replacing("=", with: "")
        .replacing("+", with: "-").replacing("/", with: "_")
      let known = try await console.client.get("/chat", [("Cookie", "\(cookie); greenroom_member=\(member)")])
      try Self.expectSnapshot(known.body, "chat-known-member.html")
      let landing = try await console.client.get("/")
      try Self.expectSnapshot(landing.body, "landing.html")
      let missing = try await console.client.get("/nothing", [("Accept", "text/html")])
      #expect(missing.status == 404)
      try Self.expectSnapshot(missing.body, "not-found.html")
    }
  }

  @Test(arguments: ["/", "/chat", "/chat/app.js", "/chat/style.css", "/chat/icon.svg", "/health", "/nothing"])
  func everyAnswerHasTheHeadersThatGuardIt(path: String) async throws {
    try await RunningConsole.run { console in
      let answer = try await console.client.get(path)
      let policy = try #require(answer.headers.first(name: "Content-Security-Policy"))
      #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'"))
      #expect(!policy.contains("unsafe"))
      #expect(answer.headers.first(name: "X-Content-Type-Options") == "nosniff")
      #expect(answer.headers.first(name: "Referrer-Policy") == "same-origin")
      #expect(answer.headers.first(name: "Cache-Control") != nil)
    }
  }

  @Test func noPageLoadsAnythingFromElsewhereOrHasInlineCode() async throws {
    try await RunningConsole.run { console in
      for path in ["/", "/chat", "/nothing"] {
        let page = try await console.client.get(path, [("Accept", "text/html")]).body
        for forbidden in ["http://", "https://", "src=\"//", "<style", " style=", " onclick", " onload", "javascript:"]
        {
          #expect(!page.contains(forbidden), "\(path) has \(forbidden)")
        }
        #expect(
          page.matches(of: /<script/).count == page.matches(of: /<script src="\/chat\/app.js" defer><\/script>/).count)
      }
    }
  }

  @Test func anAssetThatTheBrowserHasIsNotSentAgain() async throws {
    try await RunningConsole.run { console in
      let first = try await console.client.get("/chat/app.js")
      #expect(first.headers.first(name: "Content-Type") == "text/javascript; charset=utf-8")
      let tag = try #require(first.headers.first(name: "ETag"))
      let again = try await console.client.get("/chat/app.js", [("If-None-Match", tag)])
      #expect((again.status, again.body) == (304, ""))
    }
  }

  @Test func healthSaysWhatWasAchieved() async throws {
    try await RunningConsole.run { console in
      let answer = try await console.client.get("/health")
      #expect(answer.status == 200)
      #expect(answer.json?["status"]?.string == "ok")
      #expect(answer.json?["uptime_seconds"]?.int == 1000)
      #expect(answer.json?["workspace"]?["version"]?.string == "abc123")
    }
  }

  @Test func healthSaysWhatMessagesAreMatchedWith() async throws {
    try await RunningConsole.run { console in
      let matching = try #require(try await console.client.get("/health").json?["matching"])
      #expect(matching["mode"]?.string == "with sentence encoders" && matching["cache"]?.string == "ok")
      #expect(matching["encoders"]?[0]?["state"]?.string == "loaded")
    }
  }

  @Test func aBotWithoutModelsIsHealthyAndSaysWhatToDo() async throws {
    var report = HealthReport.sample
    report.matching = MatchingHealth(
      encoders: [
        .init(name: "minilm-l6-v2", state: .missing, detail: "not installed; run 'greenroom model install minilm'"),
        .init(name: "service:bge", state: .unusable, detail: "the embeddings service did not answer in time"),
      ], cache: .failing("The disk is full."))
    try await RunningConsole.run(health: report) { console in
      let answer = try await console.client.get("/health")
      let matching = try #require(answer.json?["matching"])
      #expect((answer.status, matching["mode"]?.string) == (200, "words and characters"))
      #expect(matching["encoders"]?.array?.map { $0["state"]?.string } == ["missing", "unusable"])
      #expect(matching["encoders"]?[0]?["detail"]?.string?.contains("greenroom model install") == true)
      #expect(matching["cache"]?.string == "The disk is full.")
    }
  }

  @Test func healthIsBadWhenAChannelHasNotPolledForLong() async throws {
    var channel = ChannelHealth(channel: "desk", since: Date(timeIntervalSince1970: 1_794_999_000))
    channel.lastGoodPoll = Date(timeIntervalSince1970: 1_794_999_900)
    channel.lastError = "The server answered 503."
    channel.failures = 4
    var report = HealthReport.sample
    report.channels = [channel]
    report.queues = [
      ChannelQueue(channel: "desk", undecided: 3, unsent: 2, held: 1, oldest: report.at - 45),
      ChannelQueue(channel: "another", undecided: 9),
    ]
    try await RunningConsole.run(health: report) { console in
      let answer = try await console.client.get("/health")
      #expect(answer.status == 503)
      let shown = answer.json?["channels"]?[0]
      #expect(shown?["status"]?.string == "unhealthy")
      #expect(shown?["last_error"]?.string == "The server answered 503.")
      #expect(shown?["failures"]?.int == 4)
      #expect(shown?["lag_seconds"]?.int == 45)
      #expect(["undecided", "unsent", "held"].map { shown?[$0]?.int } == [3, 2, 1])
    }
  }

  @Test func healthIsBadWhenTheLedgerCannotBeRead() async throws {
    var report = HealthReport.sample
    report.backlog = nil
    try await RunningConsole.run(health: report) { console in
      let answer = try await console.client.get("/health")
      #expect((answer.status, answer.json?["ledger"]?.string) == (503, "unreadable"))
    }
  }

  @Test func aPortThatIsTakenIsNamedWithWhatToDo() async throws {
    try await RunningConsole.run { console in
      let port = console.client.port
      let error = await #expect(throws: ConsoleServerError.self) {
        try await RunningConsole.run(RunningConsole.configuration { $0.port = port }) { _ in }
      }
      #expect(error?.code == .portInUse)
      #expect(error?.description.contains("127.0.0.1:\(port)") == true)
    }
  }

  @Test func anAddressThatIsNoneIsNamed() async throws {
    let error = await #expect(throws: ConsoleServerError.self) {
      try await RunningConsole.run(RunningConsole.configuration { $0.host = "192.0.2.77" }) { _ in }
    }
    #expect(error?.code == .noSuchAddress)
  }
}
