import ArgumentParser
import Foundation
import Retrieval

@main
struct RetrievalBenchmark: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "retrieval", abstract: "Measures the inverted index beside tantivy, question by question.",
    discussion: "Run it through Benchmarks/run-retrieval, which brings the peer's package along.")

  @Option(help: "Articles, in thousands; may be given several times.")
  var thousands = [100, 1_000]
  @Option(help: "Questions.")
  var questions = 1_000
  @Option(help: "Rounds over all questions, after one that warms.")
  var rounds = 3
  @Option(help: "A Python that has tantivy; without it only this side is measured.")
  var python: String?
  @Option(help: "The peer's script.")
  var peer = "Benchmarks/tantivy_peer.py"
  @Option(help: "A folder for articles and indexes; removed at the end.")
  var folder = FileManager.default.temporaryDirectory.appending(path: "retrieval-\(getpid())").path
  @Option(help: "Seed of the made-up articles.")
  var seed: UInt64 = 1
  @Flag(help: "Measure the vector table too.")
  var vectors = false

  func run() throws {
    let base = URL(filePath: folder)
    try FileManager.default.createDirectory(at: base, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: base) }
    for size in thousands {
      let trial = RetrievalTrial(
        articles: size * 1_000, questions: questions, rounds: rounds, seed: seed,
        folder: base.appending(path: "\(size)"), python: python, script: peer)
      try trial.run()
    }
    if vectors { for size in thousands { try VectorTrial(rows: size * 1_000, seed: seed).run() } }
  }
}

struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

/// The value that a share of all is at most.
func percentile(_ share: Double, of values: [Double]) -> Double {
  let sorted = values.sorted()
  guard !sorted.isEmpty else { return .nan }
  return sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]
}

/// Kilobytes from /proc, such as VmRSS or VmHWM.
func memory(_ name: String) -> Int {
  let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
  let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
  return Int(line.split(whereSeparator: { !$0.isNumber }).first ?? "") ?? 0
}
