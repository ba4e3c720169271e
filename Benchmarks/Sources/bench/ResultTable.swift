import Foundation
import JSON

/// What was measured, in the order in which it was.
struct ResultTable {
  private var rows: [(name: String, value: Double, unit: String)] = []

  mutating func add(_ name: String, _ value: Double, _ unit: String) {
    rows.append((name, value, unit))
  }

  var markdown: String {
    (["| what | measured | |", "|---|---:|---|"]
      + rows.map { "| \($0.name) | \(String(format: $0.value < 10 ? "%.2f" : "%.0f", $0.value)) | \($0.unit) |" })
      .joined(separator: "\n")
  }

  var json: JSONValue {
    .array(rows.map { ["name": .string($0.name), "value": .number($0.value), "unit": .string($0.unit)] })
  }
}

/// The nearest-rank percentile; 0 of nothing.
func percentile(_ share: Double, of values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  let sorted = values.sorted()
  return sorted[min(max(Int((share * Double(sorted.count)).rounded(.up)), 1), sorted.count) - 1]
}

extension Duration {
  var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
