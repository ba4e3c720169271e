import Retrieval
import Support

/// Gives texts their vectors; asks the encoder only for those that it did not meet the last time.
struct VectorStore: Sendable {
  /// Texts encoded at once: enough to keep both cores busy, few enough to show progress.
  private static let batch = 512

  let cache: (any ModelCache)?
  /// Told how many texts of how many have their vectors.
  let progress: @Sendable (MatcherProgress) -> Void

  /// A table of the texts' vectors and the row of each text.
  func vectors(of texts: [String], by encoder: any SentenceEncoder) throws -> (table: VectorTable, rows: [Int]) {
    var rowOf: [TextHash: Int] = [:]
    var hashes: [TextHash] = []
    var distinct: [String] = []
    let rows = texts.map { text in
      let hash = TextHash(text)
      if let row = rowOf[hash] { return row }
      rowOf[hash] = distinct.count
      hashes.append(hash)
      distinct.append(text)
      return distinct.count - 1
    }
    let kept = cache.flatMap { KeptVectors(of: encoder, in: $0) }
    if let kept, kept.hashes == hashes { return (kept.table, rows) }
    let old = Dictionary((kept?.hashes ?? []).enumerated().map { ($1, $0) }) { first, _ in first }
    let missing = hashes.indices.filter { old[hashes[$0]] == nil }
    // What was rounded once comes out the same when it is rounded again.
    func known(_ number: Int) -> [Float] { old[hashes[number]].flatMap { kept?.table.vector($0) } ?? [] }
    var builder = try VectorTableBuilder(dimension: encoder.dimension, reserving: distinct.count)
    var added = 0
    for start in stride(from: 0, to: missing.count, by: Self.batch) {
      progress(.encoding(encoder: encoder.name, done: start, of: missing.count))
      let batch = missing[start..<min(start + Self.batch, missing.count)]
      let vectors = try encoder.encode(batch.map { distinct[$0] })
      // A vector too few leaves a row without one, which the table refuses.
      let fresh = Dictionary(zip(batch, vectors)) { first, _ in first }
      let end = (batch.last ?? added) + 1
      for number in added..<end { try builder.add(fresh[number] ?? known(number)) }
      added = end
    }
    if !missing.isEmpty { progress(.encoding(encoder: encoder.name, done: missing.count, of: missing.count)) }
    for number in added..<hashes.count { try builder.add(known(number)) }
    let bytes = builder.finish(contentKey: KeptVectors.contentKey(hashes), groupedAbove: .max)
    if let cache { KeptVectors.store(hashes, table: bytes, of: encoder, in: cache) }
    return (try VectorTable(HeldBytes(bytes)), rows)
  }
}

extension VectorStore {
  /// The table that was kept last, if it is the one of that name.
  static func table(of encoder: any SentenceEncoder, contentKey: [UInt8], in cache: any ModelCache) -> VectorTable? {
    KeptVectors.table(of: encoder, in: cache, contentKey: contentKey)
  }
}

/// Where a matcher has got to while it is made.
package enum MatcherProgress: Sendable, Hashable {
  /// Texts of the workspace that have their vectors.
  case encoding(encoder: String, done: Int, of: Int)
  case learning
}

/// Vectors of an earlier start: hashes of the texts in the order of the rows, and the table, which names the hashes.
private struct KeptVectors {
  let hashes: [TextHash]
  let table: VectorTable

  private static let textsKind = "vector-texts-1"
  private static let tableKind = "vector-table-1"

  init?(of encoder: any SentenceEncoder, in cache: any ModelCache) {
    guard let texts = cache.load(kind: Self.textsKind, key: encoder.version) else { return nil }
    let hashes = texts.withUnsafeBytes { buffer in
      (0..<(buffer.count / 16)).map { number in
        TextHash(
          first: UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: number * 16, as: UInt64.self)),
          second: UInt64(littleEndian: buffer.loadUnaligned(fromByteOffset: number * 16 + 8, as: UInt64.self)))
      }
    }
    guard let table = Self.table(of: encoder, in: cache, contentKey: Self.contentKey(hashes)),
      table.count == hashes.count
    else { return nil }
    self.hashes = hashes
    self.table = table
  }

  static func table(of encoder: any SentenceEncoder, in cache: any ModelCache, contentKey: [UInt8]) -> VectorTable? {
    guard let bytes = cache.load(kind: tableKind, key: encoder.version),
      let table = try? VectorTable(KeptRegion(bytes), contentKey: contentKey), table.dimension == encoder.dimension,
      (try? table.verify()) != nil
    else { return nil }
    return table
  }

  static func store(_ hashes: [TextHash], table: [UInt8], of encoder: any SentenceEncoder, in cache: any ModelCache) {
    cache.store(bytes(hashes), kind: textsKind, key: encoder.version)
    cache.store(table, kind: tableKind, key: encoder.version)
  }

  /// Says which texts a table is of, so that the two halves of different starts never come together.
  static func contentKey(_ hashes: [TextHash]) -> [UInt8] {
    var hash = FNV()
    for text in hashes {
      hash.add(text.first)
      hash.add(text.second)
    }
    return withUnsafeBytes(of: hash.value.littleEndian) { Array($0) }
  }

  private static func bytes(_ hashes: [TextHash]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(hashes.count * 16)
    for hash in hashes {
      withUnsafeBytes(of: hash.first.littleEndian) { bytes.append(contentsOf: $0) }
      withUnsafeBytes(of: hash.second.littleEndian) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }
}

/// What a cache has mapped, as retrieval reads it.
final class KeptRegion: ByteRegion {
  private let bytes: MappedBytes

  init(_ bytes: MappedBytes) { self.bytes = bytes }

  func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try bytes.withUnsafeBytes(body)
  }
}

/// Of a text, 128 bits wide, so that two texts of one hash are not met with.
struct TextHash: Hashable, Sendable {
  var first: UInt64
  var second: UInt64

  init(first: UInt64, second: UInt64) {
    self.first = first
    self.second = second
  }

  init(_ text: String) {
    var (first, second) = (FNV(), FNV(salt: 0x9e37_79b9_7f4a_7c15))
    for byte in text.utf8 {
      first.add(byte)
      second.add(byte)
    }
    self.init(first: first.value, second: second.value)
  }
}

/// FNV-1a of bytes, 64 bits.
struct FNV {
  private(set) var value: UInt64

  init(salt: UInt64 = 0) { value = 0xcbf2_9ce4_8422_2325 ^ salt }

  mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  mutating func add(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
  }
}
