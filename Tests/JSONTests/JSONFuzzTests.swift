import JSON
import TestSupport
import Testing

@Suite struct JSONFuzzTests {
  static let texts = [
    "", "a", "é", "e\u{301}", "😀", "\u{0}", "\"", "\\", "/", "\n", "\u{7F}", "\u{202E}", "\u{FEFF}", "</script>",
  ]

  static func value(depth: Int, using random: inout SeededGenerator) -> JSONValue {
    switch Int.random(in: 0...(depth > 0 ? 8 : 6), using: &random) {
    case 0: return nil
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int(truncatingIfNeeded: random.next()))
    case 3: return .integer(Int.random(in: -10...10, using: &random))
    case 4:
      let number = Double(bitPattern: random.next())
      return .number(number.isFinite ? number : 0.5)
    case 5, 6: return .string(text(using: &random))
    case 7:
      return .array((0..<Int.random(in: 0...5, using: &random)).map { _ in value(depth: depth - 1, using: &random) })
    default:
      return .object(
        JSONObject(
          (0..<Int.random(in: 0...20, using: &random)).map { _ in
            (text(using: &random).filter { $0 != "\u{0}" }, value(depth: depth - 1, using: &random))
          }))
    }
  }

  static func text(using random: inout SeededGenerator) -> String {
    (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in texts.randomElement(using: &random) }.joined()
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `what is written reads back the same`(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let value = Self.value(depth: 5, using: &random)
    for pretty in [false, true] {
      let text = value.serialized(pretty: pretty)
      let again = try JSONValue.parse(text)
      #expect(again == value)
      #expect(again.serialized(pretty: pretty) == text)
    }
  }

  @Test(arguments: 0..<300 as Range<UInt64>)
  func `a damaged document is read or refused, and what is read can be written`(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var bytes = Self.value(depth: 4, using: &random).serializedBytes()
    for _ in 0..<Int.random(in: 1...8, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: bytes.indices, using: &random)
      switch Int.random(in: 0...3, using: &random) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: bytes[place...].prefix(8), at: place)
      default: bytes.removeSubrange(place...)
      }
    }
    do {
      let value = try JSONValue.parse(bytes)
      #expect((try? JSONValue.parse(value.serializedBytes())) == value)
    } catch {
      #expect(!error.message.isEmpty)
    }
  }
}
