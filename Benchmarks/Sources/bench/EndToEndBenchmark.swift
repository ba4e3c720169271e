import Foundation
import Synchronization
import TestSupport

/// The real program against a real webhook server over HTTP, with its ledger on disk.
struct EndToEndBenchmark {
  let program: URL
  let workspace: URL
  /// The data folder with the sentence encoders; nil: words and characters alone decide.
  let models: URL?
  let texts: [String]
  let messages: Int
  let conversations: Int

  func run(into table: inout ResultTable) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "greenroom-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = WebhookServer(pageSize: 200)
    let base = try await server.start()
    let settings = folder.appending(path: "greenroom.yml")
    try Data(
      """
      chat: {enabled: false}
      channels:
        - name: bench
          type: webhook
          url: \(base)/messages
          reply_url: \(base)/replies
      """.utf8
    ).write(to: settings)

    // One message waits while the program starts: from start to its reply.
    let clock = ContinuousClock()
    server.enqueue([message(0)])
    let started = clock.now
    let process = try start(settings: settings, data: dataFolder(in: folder))
    defer {
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
    guard await server.waitForReplies(1, deadline: .seconds(60)) else {
      throw BenchmarkError("The program has not answered within a minute of its start.")
    }
    table.add("start to first reply", (clock.now - started).inSeconds, "s")

    let cpuBefore = try Usage(of: process.processIdentifier)
    let burst = clock.now
    server.enqueue((1...messages).map(message))
    guard await server.waitForReplies(messages + 1, deadline: .seconds(300)) else {
      throw BenchmarkError(
        "Only \(server.replies().count) of \(messages + 1) messages were answered within five minutes.")
    }
    let seconds = (clock.now - burst).inSeconds
    let usage = try Usage(of: process.processIdentifier)
    try check(server)
    table.add("messages answered per second, end to end", Double(messages) / seconds, "1/s")
    table.add("CPU for 1,000 answers", (usage.cpuSeconds - cpuBefore.cpuSeconds) / Double(messages) * 1_000, "s")
    table.add("memory, at most", usage.peakMegabytes, "MB")

    // One at a time, each after the reply to the one before: what a single asker feels.
    var latencies: [Double] = []
    for number in (messages + 1)...(messages + 200) {
      let before = clock.now
      server.enqueue([message(number)])
      guard await server.waitForReplies(number + 1, deadline: .seconds(20)) else {
        throw BenchmarkError("Message \(number) was not answered.")
      }
      latencies.append((clock.now - before).inSeconds * 1_000)
    }
    table.add("message to reply p50, one at a time", percentile(0.5, of: latencies), "ms")
    table.add("message to reply p99, one at a time", percentile(0.99, of: latencies), "ms")
    await server.stop()
  }

  /// A data folder of its own, to which the models are linked.
  private func dataFolder(in folder: URL) throws -> URL {
    let data = folder.appending(path: "data")
    guard let models else { return data }
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      at: data.appending(path: "models"), withDestinationURL: models.appending(path: "models").resolvingSymlinksInPath()
    )
    return data
  }

  private func message(_ number: Int) -> IncomingMessage {
    IncomingMessage(
      id: "m\(number)", conversation: "room-\(number % conversations)", text: texts[number % texts.count])
  }

  private func start(settings: URL, data: URL) throws -> Process {
    let process = Process()
    process.executableURL = program
    process.arguments = [
      "run", "--workspace", workspace.path(percentEncoded: false), "--config", settings.path(percentEncoded: false),
      "--data", data.path(percentEncoded: false), "--log-level", "error",
    ]
    try process.run()
    return process
  }

  /// Fast and wrong is not fast: each message answered once, in order within its conversation.
  private func check(_ server: WebhookServer) throws {
    var last: [String: Int] = [:]
    for reply in server.replies() {
      guard reply.deliveries == 1, let id = reply.inReplyTo, let number = Int(id.dropFirst()) else {
        throw BenchmarkError("A reply came twice or answers nothing: \(reply.key)")
      }
      guard number > last[reply.conversation] ?? -1 else {
        throw BenchmarkError("Out of order in \(reply.conversation): \(number)")
      }
      last[reply.conversation] = number
    }
  }
}

/// What a process has used so far, as Linux accounts for it.
private struct Usage {
  let cpuSeconds: Double
  let peakMegabytes: Double

  init(of pid: Int32) throws {
    let stat = try String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    // The name, in brackets, may hold anything; the fields behind it are fixed: utime and stime are the 12th and 13th.
    let fields = (stat.split(separator: ")").last ?? "").split(separator: " ")
    guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
      throw BenchmarkError("/proc/\(pid)/stat cannot be read.")
    }
    cpuSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }?.split(separator: " ").compactMap {
      Double($0)
    }.first
    peakMegabytes = (peak ?? 0) * 1024 / 1e6
  }
}
