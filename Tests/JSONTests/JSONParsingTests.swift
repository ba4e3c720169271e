import JSON
import Testing

@Suite struct JSONParsingTests {
  @Test func `a document is read with its members in their order`() throws {
    let value = try JSONValue.parse(#" {"z": [1, -2.5, true, null], "a": {"b": "é \u00e9 \ud83d\ude00"}, "": 0} "#)
    #expect(value.object?.keys == ["z", "a", ""])
    #expect(value["z"]?.array == [1, -2.5, true, nil])
    #expect(value["a"]?["b"]?.string == "é é 😀")
    #expect(value["z"]?[1]?.double == -2.5)
    #expect(value["z"]?[9] == nil)
  }

  @Test func `any kind of value may stand at the top`() throws {
    #expect(try JSONValue.parse("7") == 7)
    #expect(try JSONValue.parse("\"x\"") == "x")
    #expect(try JSONValue.parse("null") == nil)
    #expect(try JSONValue.parse("[]") == [])
  }

  @Test func `the ends of the integers are kept exactly`() throws {
    #expect(try JSONValue.parse("9223372036854775807").int == .max)
    #expect(try JSONValue.parse("-9223372036854775808").int == .min)
    #expect(try JSONValue.parse("3.0").int == 3)
    #expect(try JSONValue.parse("3.5").int == nil)
    #expect(try JSONValue.parse("1e300").int == nil)
  }

  @Test(arguments: [
    ("", JSONError.Code.empty), (" \n\t", .empty), ("{\"a\": ", .endsEarly), ("[1, 2", .endsEarly),
    ("\"abc", .endsEarly),
    ("{} x", .trailingText), ("[1] [2]", .trailingText), ("{'a': 1}", .syntax), ("[1,]", .syntax),
    ("{\"a\" 1}", .syntax),
    ("nul", .syntax), ("NaN", .syntax), ("01", .syntax), ("+1", .syntax), ("<html>", .syntax),
    ("{\"a\": 1, \"a\": 2}", .duplicateKey), ("{\"\\u00e9\": 1, \"e\\u0301\": 2}", .duplicateKey),
    ("9223372036854775808", .numberTooLarge), ("1e999", .numberTooLarge),
    ("\"\\ud800\"", .syntax), ("\"\\udc00\\ud800\"", .syntax), ("\"a\nb\"", .syntax),
    ("{\"a\\u0000b\": 1}", .nulCharacter),
  ])
  func `a text that is not a document is refused for its reason`(text: String, code: JSONError.Code) {
    #expect { try JSONValue.parse(text) } throws: { ($0 as? JSONError)?.code == code }
  }

  @Test func `a place is named by line, column and offset`() {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse("{\n  \"a\": tru\n}") }
    #expect(error?.line == 2)
    #expect(error?.column == 10)
    #expect(error?.offset == 12)
    #expect(error?.description == "line 2, column 10: this is not JSON")
  }

  @Test func `an error does not repeat the text it is about`() {
    let error = #expect(throws: JSONError.self) { try JSONValue.parse("{\"token\": hunter2}") }
    #expect(error.map { !"\($0)".contains("hunter2") } == true)
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0xAF, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22],
      [0x22, 0xE2, 0x82, 0x22],
    ] as [[UInt8]])
  func `invalid UTF-8 is refused`(bytes: [UInt8]) {
    #expect { try JSONValue.parse(bytes) } throws: { ($0 as? JSONError)?.code == .invalidUTF8 }
  }

  @Test func `an escaped NUL is text`() throws {
    #expect(try JSONValue.parse("\"a\\u0000b\"") == "a\u{0}b")
  }

  @Test(arguments: ["\u{0}", "{}\u{0}", "\"a\u{0}b\"", "[1,\u{0}2]"])
  func `a NUL byte in the document is refused`(text: String) {
    #expect(throws: JSONError.self) { try JSONValue.parse(text) }
  }

  @Test(arguments: [300, 2_000, 5_000, 1_000_000])
  func `deep nesting is refused and does not overflow the stack`(depth: Int) {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
      let text = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      #expect { try JSONValue.parse(text) } throws: { ($0 as? JSONError)?.code == .tooDeep }
      #expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: open, count: depth)) }
    }
  }

  @Test func `the depth that is taken can be set`() throws {
    let text = String(repeating: "[", count: 1_000) + String(repeating: "]", count: 1_000)
    let value = try JSONValue.parse(text, maximumDepth: 1_000)
    #expect(value.serialized() == text)
    #expect(throws: JSONError.self) { try JSONValue.parse(text, maximumDepth: 999) }
    #expect(throws: JSONError.self) { try JSONValue.parse("[[]]", maximumDepth: 1) }
  }

  @Test func `an object of many members is read in reasonable time`() throws {
    let members = (0..<20_000).map { "\"k\($0)\":\($0)" }.joined(separator: ",")
    let object = try #require(try JSONValue.parse("{\(members)}").object)
    #expect(object.count == 20_000)
    #expect(object["k19999"] == 19_999)
  }

  @Test func `every prefix of a document is refused, none crashes`() {
    let bytes = Array(#"{"a":[1,2.5,"x\u00e9é",{"b":null}],"c":true}"#.utf8)
    for length in 0..<bytes.count {
      #expect(throws: JSONError.self) { try JSONValue.parse(bytes.prefix(length)) }
    }
  }
}
