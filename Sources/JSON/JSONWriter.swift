/// Writes JSON texts.
///
/// jansson's own dump is not used: release 2.14 writes every double of a document with one fixed number of digits
/// (0.1 as 0.10000000000000001 beside a number that needs all 17), and would need a second tree in its memory first.
struct JSONWriter {
  private(set) var bytes: [UInt8] = []
  private let pretty: Bool
  private var level = 0

  init(pretty: Bool) { self.pretty = pretty }

  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .integer(let value): append(String(value))
    case .number(let value): append(value.isFinite ? value.description : "null")
    case .string(let value): write(value)
    case .array(let elements):
      write(elements, between: ("[", "]")) { writer, element in writer.write(element) }
    case .object(let members):
      write(members, between: ("{", "}")) { writer, member in
        writer.write(member.key)
        writer.append(writer.pretty ? ": " : ":")
        writer.write(member.value)
      }
    }
  }

  private mutating func write<Items: Collection>(
    _ items: Items, between brackets: (StaticString, StaticString),
    writing one: (inout JSONWriter, Items.Element) -> Void
  ) {
    append(brackets.0)
    level += 1
    var isFirst = true
    for item in items {
      if !isFirst { append(",") }
      isFirst = false
      breakLine()
      one(&self, item)
    }
    level -= 1
    if !isFirst { breakLine() }
    append(brackets.1)
  }

  private mutating func breakLine() {
    guard pretty else { return }
    append("\n")
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: level * 2))
  }

  private mutating func write(_ text: String) {
    append("\"")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case ..<0x20, 0x7F:
        append("\\u00")
        append(byte < 0x10 ? "0" : "")
        append(String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
    append("\"")
  }

  private mutating func append(_ text: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ text: String) {
    bytes.append(contentsOf: text.utf8)
  }
}
