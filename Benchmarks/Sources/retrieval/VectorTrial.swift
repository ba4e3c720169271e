import Foundation
import Retrieval

/// The vector table by itself: made-up unit vectors of 384 numbers around 2,000 subjects, 300 questions near them.
struct VectorTrial {
  var rows: Int
  var seed: UInt64

  private static let dimension = 384
  private static let subjects = 2_000
  private static let questions = 300

  func run() throws {
    note("\(rows): vectors …")
    var generator = SplitMix(state: seed)
    let subjects = (0..<Self.subjects).map { _ in direction(&generator) }
    let clock = ContinuousClock()
    let start = clock.now
    var builder = try VectorTableBuilder(dimension: Self.dimension, reserving: rows)
    for _ in 0..<rows { try builder.add(near(subjects[generator.below(Self.subjects)], 0.8, &generator)) }
    let table = try VectorTable(HeldBytes(builder.finish()))
    let buildTime = clock.now - start

    var grouped: [Double] = []
    var exact: [Double] = []
    var found = 0
    for _ in 0..<Self.questions {
      let question = near(subjects[generator.below(Self.subjects)], 0.8, &generator)
      var before = clock.now
      let hits = table.top(10, near: question)
      grouped.append((clock.now - before) / .milliseconds(1))
      before = clock.now
      let truth = table.top(10, near: question, among: .exactlyAll)
      exact.append((clock.now - before) / .milliseconds(1))
      found += Set(hits.map(\.row)).intersection(truth.map(\.row)).count
    }
    let recall = Double(found) / Double(10 * Self.questions)
    print("\n### Vectors, \(rows) × \(Self.dimension), ten best\n")
    print("| what | measured | |\n|---|---:|---|")
    func row(_ what: String, _ value: Double, _ unit: String) {
      print("| \(what) | \(String(format: "%.3f", value)) | \(unit) |")
    }
    row("question p50", percentile(0.5, of: grouped), "ms")
    row("question p99", percentile(0.99, of: grouped), "ms")
    row("question p50, every row", percentile(0.5, of: exact), "ms")
    row("of the true ten best found", recall, "")
    row("building, with making vectors up", buildTime / .seconds(1), "s")
    row("table", Double(table.size) / 1e6, "MB")
  }

  private func direction(_ generator: inout SplitMix) -> [Float] {
    unit((0..<Self.dimension).map { _ in Float(generator.unit() * 2 - 1) })
  }

  private func near(_ subject: [Float], _ distance: Float, _ generator: inout SplitMix) -> [Float] {
    unit(zip(subject, direction(&generator)).map { $0 + distance * $1 })
  }

  private func unit(_ vector: [Float]) -> [Float] {
    let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? vector.map { $0 / length } : vector
  }
}
