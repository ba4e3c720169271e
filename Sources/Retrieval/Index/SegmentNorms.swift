/// What the length of each document of a segment adds under the fraction bar of BM25. It depends on the mean length over
/// all segments, so it is worked out whenever that changes.
enum SegmentNorms {
  static func norms(of lengths: some Collection<UInt16>, meanLength: Float, parameters: IndexParameters) -> [Float] {
    // Lengths are few and documents many.
    var known = [Float](repeating: 0, count: 1 + Int(UInt16.max))
    return lengths.map { code in
      if known[Int(code)] == 0 {
        let length = parameters.lengthPrecision.kept(LengthCode.value(of: code))
        known[Int(code)] = parameters.norm(length: length, meanLength: meanLength)
      }
      return known[Int(code)]
    }
  }
}
