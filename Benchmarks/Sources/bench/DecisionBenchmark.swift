import Encoders
import Foundation
import Matching
import Support
import Workspace

/// How long the workspace takes to load and a message to be decided, on one core, nothing else in the way.
struct DecisionBenchmark {
  let workspace: URL
  /// The data folder with the sentence encoders; nil: words and characters alone decide.
  let models: URL?
  let texts: [String]

  private static let rounds = 20

  func run(into table: inout ResultTable) throws {
    let clock = ContinuousClock()
    let start = clock.now
    guard let content = WorkspaceReader(folder: workspace).read().content else {
      throw BenchmarkError("The workspace has errors: run 'greenroom check'.")
    }
    let encoders = models.map { EncoderShelf.load(dataFolder: $0).encoders } ?? []
    guard models == nil || !encoders.isEmpty else {
      throw BenchmarkError("There are no sentence encoders in that folder: run 'greenroom model install'.")
    }
    let matcher = Matcher(content, encoders: encoders)
    table.add("workspace read, indexed and calibrated", (clock.now - start).inSeconds, "s")

    let now = Date(timeIntervalSince1970: 1_795_428_000)
    var latencies: [Double] = []
    // The first round warms caches and does not count.
    for round in 0...Self.rounds {
      for text in texts {
        let message = Message(
          id: MessageID(channel: "bench", id: "1"), conversation: ConversationID(channel: "bench", room: "1"),
          sender: Sender(id: "1", name: "Ana"), text: text, sentAt: now)
        let before = clock.now
        let decision = matcher.decide(message, in: ConversationState(), at: now)
        let after = clock.now
        guard !decision.parts.isEmpty else { throw BenchmarkError("A decision without a part: \(text)") }
        if round > 0 { latencies.append((after - before).inSeconds * 1e6) }
      }
    }
    table.add("messages decided per second, one core", Double(latencies.count) / (latencies.reduce(0, +) / 1e6), "1/s")
    table.add("decision p50", percentile(0.5, of: latencies), "µs")
    table.add("decision p99", percentile(0.99, of: latencies), "µs")
  }
}
