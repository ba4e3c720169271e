import Foundation
import TestSupport

@testable import Retrieval

/// Every document scored for every question: what the index must agree with.
struct ExhaustiveIndex {
  let parameters: IndexParameters
  private var counted: [UInt32: [UInt64: Int]] = [:]
  private var lengths: [UInt32: Int] = [:]

  init(_ documents: [IndexedDocument], parameters: IndexParameters = IndexParameters()) {
    self.parameters = parameters
    for document in documents {
      counted[document.number] = counts(document)
      lengths[document.number] = length(document)
    }
  }

  /// In units.
  private func length(_ document: IndexedDocument) -> Int {
    document.length.map { Int(($0 / parameters.unit).rounded()) } ?? counts(document).values.reduce(0, +)
  }

  private func counts(_ document: IndexedDocument) -> [UInt64: Int] {
    var counts: [UInt64: Int] = [:]
    for term in document.terms where term.frequency > 0 {
      counts[term.key, default: 0] += max(1, Int((term.frequency / parameters.unit).rounded()))
    }
    return counts
  }

  /// Scores in double precision.
  func scores(_ terms: [QueryTerm]) -> [UInt32: Double] {
    let mean = Double(lengths.values.reduce(0, +)) / Double(max(1, counted.count))
    let k1 = Double(parameters.saturation)
    let b = Double(parameters.lengthShare)
    var scores: [UInt32: Double] = [:]
    for term in terms where term.weight > 0 {
      let having = counted.filter { $0.value[term.key] != nil }
      guard !having.isEmpty else { continue }
      let n = Double(having.count)
      let inverse = log(1 + (Double(counted.count) - n + 0.5) / (n + 0.5))
      for (number, counts) in having {
        let frequency = Double(FrequencyCode.value(of: FrequencyCode.code(for: counts[term.key] ?? 0)))
        let kept = Double(parameters.lengthPrecision.kept(lengths[number] ?? 0))
        let norm = k1 * (1 - b + b * (mean > 0 ? kept / mean : 1)) / Double(parameters.unit)
        scores[number, default: 0] += Double(term.weight) * inverse * (k1 + 1) * frequency / (frequency + norm)
      }
    }
    return scores
  }
}

/// Whether hits are the best by the exhaustive scores: each has its score, they are in order, and nobody who is left out
/// has more than the last of them, but for the precision of single floats.
func disagreement(
  _ hits: [IndexHit], _ scores: [UInt32: Double], limit: Int, allows: (UInt32) -> Bool = { _ in true }
) -> String? {
  let allowed = scores.filter { allows($0.key) }
  if hits.count != min(limit, allowed.count) { return "\(hits.count) hits of \(allowed.count)" }
  func slack(_ score: Double) -> Double { 3e-6 * max(1e-3, score) }
  for hit in hits {
    guard let score = allowed[hit.document] else { return "\(hit.document) has none of the terms" }
    if abs(score - hit.score) > slack(score) { return "\(hit.document): \(hit.score), not \(score)" }
  }
  for (one, next) in zip(hits, hits.dropFirst()) {
    if one.score < next.score || (one.score == next.score && one.document >= next.document) {
      return "\(one) before \(next)"
    }
  }
  guard let last = hits.last else { return nil }
  let found = Set(hits.map(\.document))
  for (number, score) in allowed where !found.contains(number) {
    if score > last.score + slack(score) { return "\(number) with \(score) is missing; the last has \(last)" }
  }
  return nil
}

/// Documents of `terms` terms in a vocabulary where few are frequent and most are rare.
func randomDocuments(
  _ count: Int, vocabulary: Int, from generator: inout SeededGenerator, length: ClosedRange<Int> = 1...30,
  numbers: (Int) -> UInt32 = { UInt32($0) }
) -> [IndexedDocument] {
  (0..<count).map { index in
    let terms = (0..<Int.random(in: length, using: &generator)).map { _ in
      TermFrequency(key: randomKey(vocabulary, from: &generator))
    }
    return IndexedDocument(number: numbers(index), terms: terms)
  }
}

func randomKey(_ vocabulary: Int, from generator: inout SeededGenerator) -> UInt64 {
  let draw = Double.random(in: 0..<1, using: &generator)
  return UInt64(pow(Double(vocabulary), draw)) &* 0x9E37_79B9_7F4A_7C15
}

func index(_ documents: [IndexedDocument], _ parameters: IndexParameters = IndexParameters()) throws -> InvertedIndex {
  try InvertedIndex([Segment(HeldBytes(bytes(documents, parameters)))])
}

func bytes(
  _ documents: [IndexedDocument], _ parameters: IndexParameters = IndexParameters(), postingsInMemory: Int = 1 << 20,
  contentKey: [UInt8] = []
) throws -> [UInt8] {
  var builder = try InvertedIndexBuilder(parameters, postingsInMemory: postingsInMemory)
  for document in documents { try builder.add(document.number, terms: document.terms, length: document.length) }
  return try builder.finish(contentKey: contentKey)
}

func temporaryFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appending(path: "retrieval-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}
