import Retrieval
import Support
import Tensors

/// All units of a workspace as vectors of one encoder.
struct MeaningSpace: Sendable {
  let encoder: any SentenceEncoder
  private let table: VectorTable
  /// By unit; units of the same text share a row.
  private let rows: TensorView<Int32>

  /// Encodes what `store` has not.
  /// - Throws: what the encoder throws.
  init(_ encoder: any SentenceEncoder, texts: [String], store: VectorStore) throws {
    self.encoder = encoder
    let (table, rows) = try store.vectors(of: texts, by: encoder)
    self.table = table
    self.rows = TensorView(rows.map(Int32.init))
  }

  /// What an earlier start encoded for the same workspace; nil where that is not kept, or not any more.
  init?(_ encoder: any SentenceEncoder, units: Int, keptIn cache: any ModelCache, version: String) {
    guard var file = cache.reader(kind: Self.kind, key: Self.key(encoder, version)),
      let contents = try? file.next(UInt8.self), let rows = try? file.next(Int32.self, count: units), file.isAtEnd,
      let table = VectorStore.table(of: encoder, contentKey: contents.elements, in: cache)
    else { return nil }
    let count = Int32(clamping: table.count)
    var isSound = true
    for unit in 0..<units { isSound = isSound && (0..<count).contains(rows[unit]) }
    guard isSound else { return nil }
    (self.encoder, self.table, self.rows) = (encoder, table, rows)
  }

  /// Keeps which rows are whose; the table itself is kept by `VectorStore`.
  /// - Parameter version: of the workspace's content.
  func keep(in cache: any ModelCache, version: String) {
    var sections = NumberSections()
    sections.add(table.contentKey)
    sections.add(rows)
    cache.store(sections, kind: Self.kind, key: Self.key(encoder, version))
  }

  static let kind = "vector-rows-1"

  private static func key(_ encoder: any SentenceEncoder, _ version: String) -> String {
    "\(version)\n\(encoder.version)"
  }

  var dimension: Int { table.dimension }

  func vector(of unit: Int) -> [Float] { table.vector(Int(rows[unit])) }

  /// The cosine of `query` with every unit.
  func likenesses(of query: [Float]) -> [Float] {
    let products = table.products(of: query, with: 0..<table.count)
    return (0..<rows.count).map { products[Int(rows[$0])] }
  }

  /// The cosine of `query` with each of the units.
  func likenesses(of query: [Float], with units: [Int]) -> [Float] {
    table.products(of: query, with: units.map { Int(rows[$0]) })
  }
}
