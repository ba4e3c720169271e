/// Numbers that look random and are the same in every run (SplitMix64).
struct Draws {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// -1…1
  mutating func number() -> Float { Float(Int64(bitPattern: next()) >> 40) / 0x1p23 }

  mutating func numbers(_ count: Int, scale: Float = 1) -> [Float] { (0..<count).map { _ in number() * scale } }
}
