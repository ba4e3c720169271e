import Retrieval
import Support

/// All units of a workspace as vectors of one encoder.
struct MeaningSpace: Sendable {
  let encoder: any SentenceEncoder
  private let table: VectorTable
  /// By unit; units of the same text share a row.
  private let rows: [Int]

  /// Encodes what `store` has not.
  /// - Throws: what the encoder throws.
  init(_ encoder: any SentenceEncoder, texts: [String], store: VectorStore) throws {
    self.encoder = encoder
    (table, rows) = try store.vectors(of: texts, by: encoder)
  }

  var dimension: Int { table.dimension }

  func vector(of unit: Int) -> [Float] { table.vector(rows[unit]) }

  /// The cosine of `query` with each of the units.
  func likenesses(of query: [Float], with units: [Int]) -> [Float] {
    table.products(of: query, with: units.map { rows[$0] })
  }
}
