import CKernels
import TestSupport
import Testing

@testable import Retrieval

@Suite struct CodeTests {
  @Test func `frequencies and lengths are kept within their precision, in order`() {
    var last = 0
    let wrong = (1..<40_000).first { frequency in
      let value = FrequencyCode.value(of: FrequencyCode.code(for: frequency))
      defer { last = value }
      return value < last || value > frequency || (frequency <= 127 && value != frequency)
        || (frequency <= 31_744 && (frequency - value) * 16 > frequency)
    }
    #expect(wrong == nil)
    for length in [0, 1, 8_191, 8_192, 8_193, 100_000, 1_000_000, 134_000_000] {
      let value = LengthCode.value(of: LengthCode.code(for: length))
      #expect(value <= length && Double(length - value) <= Double(length) / 4_096)
      #expect(length > 8_191 || value == length)
    }
    #expect(LengthCode.code(for: .max) == .max)
    #expect(FrequencyCode.code(for: .max) == .max)
  }

  @Test func `lengths in a byte are those of Lucene's table`() {
    // The table's first steps, and later ones, as its specification lists them.
    let table = [
      (0, 0), (39, 39), (40, 40), (41, 40), (42, 42), (43, 42), (55, 54), (56, 56), (59, 56), (60, 60), (87, 84),
      (88, 88), (95, 88), (96, 96), (120, 120), (151, 144), (152, 152), (1_000, 984), (2_013_265_944, 2_013_265_944),
    ]
    for (length, kept) in table { #expect(LengthPrecision.oneByte.kept(length) == kept, "\(length)") }
  }

  @Test func `numbers of every width are unpacked as they were packed`() {
    var generator = SeededGenerator(seed: 31)
    for width in 0...32 as ClosedRange<UInt32> {
      let most = width == 32 ? UInt32.max : (UInt32(1) << width) - 1
      let numbers = (0..<128).map { _ in UInt32.random(in: 0...most, using: &generator) }
      // An address that suits no number, as in a file.
      var packed = [UInt8](repeating: 0, count: Int(width) * 16 + 1)
      var unpacked = [UInt32](repeating: 1, count: 128)
      packed.withUnsafeMutableBufferPointer { packed in
        guard let address = packed.baseAddress else { return }
        kernels_pack128(numbers, width, address + 1)
        kernels_unpack128(address + 1, width, &unpacked)
      }
      #expect(unpacked == numbers)
      var rising = unpacked
      packed.withUnsafeBufferPointer { packed in
        guard let address = packed.baseAddress else { return }
        kernels_unpack128_rising(address + 1, width, 41, &rising)
      }
      var sum: UInt32 = 41
      #expect(
        rising
          == numbers.map {
            sum = sum &+ $0 &+ 1
            return sum
          })
    }
  }

  @Test func `the checksum is XXH64`() {
    func checksum(_ text: String) -> UInt64 { Array(text.utf8).withUnsafeBytes { SectionedFile.checksum($0) } }
    #expect(checksum("") == 0xEF46_DB37_51D8_E999)
    #expect(checksum("a") == 0xD24E_C4F1_A98C_6E5B)
    #expect(checksum("abc") == 0x44BC_2CF5_AD77_0999)
    #expect(checksum("Nobody inspects the spammish repetition") == 0xFBCE_A83C_8A37_8BF1)
  }

  @Test(arguments: [1, 7, 8, 31, 32, 33, 384, 512])
  func `products are those of plain sums`(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let one = (0..<count).map { _ in Int8.random(in: -127...127, using: &generator) }
    let other = (0..<count).map { _ in Int8.random(in: -127...127, using: &generator) }
    let query = (0..<count).map { _ in Int16.random(in: -30_000...30_000, using: &generator) }
    #expect(kernels_dot_i8(one, other, count) == zip(one, other).reduce(0) { $0 + Int32($1.0) * Int32($1.1) })
    #expect(kernels_dot_i16_i8(query, other, count) == zip(query, other).reduce(0) { $0 + Int32($1.0) * Int32($1.1) })
    let floats = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    let others = (0..<count).map { _ in Float.random(in: -1...1, using: &generator) }
    var sums = [Float](repeating: 0, count: 8)
    for index in 0..<count { sums[index % 8] += floats[index] * others[index] }
    let sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]))
    #expect(kernels_dot_f32(floats, others, count) == sum)
  }
}
