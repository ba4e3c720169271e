import Foundation

/// How documents are weighed: BM25 (Robertson and Zaragoza 2009) with the inverse frequency of Lucene and tantivy,
/// ln(1 + (N − n + 0.5) / (n + 0.5)), so that scores are never below 0. All segments of an index share them.
package struct IndexParameters: Sendable, Hashable {
  /// How soon more of the same word stops counting; above 0.
  package var saturation: Float
  /// How much longer documents are marked down, 0…1.
  package var lengthShare: Float
  /// Frequencies and lengths are kept in multiples of this; 1 for counts, 0.25 where fields have weights such as 2.5.
  package var unit: Float
  package var lengthPrecision: LengthPrecision

  package init(
    saturation: Float = 1.2, lengthShare: Float = 0.75, unit: Float = 1, lengthPrecision: LengthPrecision = .exact
  ) {
    self.saturation = saturation
    self.lengthShare = lengthShare
    self.unit = unit
    self.lengthPrecision = lengthPrecision
  }

  var isSound: Bool {
    saturation.isFinite && saturation > 0 && (0...1).contains(lengthShare) && unit.isFinite && unit > 0
  }

  /// What is added to a frequency, in units, under the fraction bar.
  func norm(length: Int, meanLength: Float) -> Float {
    let relative = meanLength > 0 ? Float(length) / meanLength : 1
    return max(1e-6, saturation * (1 - lengthShare + lengthShare * relative) / unit)
  }

  static func inverseFrequency(documents: Int, with count: Int) -> Float {
    let rest = Float(max(0, documents - count)) + 0.5
    return log(1 + rest / (Float(count) + 0.5))
  }
}
