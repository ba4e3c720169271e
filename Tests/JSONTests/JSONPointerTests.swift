import JSON
import Testing

@Suite struct JSONPointerTests {
  /// The examples of RFC 6901, section 5.
  static let document: JSONValue = [
    "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7, "m~n": 8,
  ]

  @Test(
    arguments: [
      ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4),
      ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8),
    ] as [(String, JSONValue)])
  func `the examples of the RFC`(text: String, expected: JSONValue) throws {
    let pointer = try JSONPointer(text)
    #expect(Self.document.value(at: pointer) == expected)
    #expect(pointer.description == text)
  }

  @Test func `the empty pointer is the whole document`() throws {
    #expect(Self.document.value(at: try JSONPointer("")) == Self.document)
  }

  @Test(arguments: ["foo", "#/foo", "/a~", "/a~2b", "/~/x", " /a"])
  func `what is no pointer is refused`(text: String) {
    #expect(throws: JSONPointerError.self) { try JSONPointer(text) }
  }

  @Test(arguments: [
    "/foo/2", "/foo/-", "/foo/01", "/foo/-1", "/foo/x", "/foo/0/bar", "/nothing", "/foo/99999999999999999999",
  ])
  func `a pointer to nothing gives nothing`(text: String) throws {
    #expect(Self.document.value(at: try JSONPointer(text)) == nil)
  }

  @Test func `setting builds what is missing on the way`() throws {
    var reply: JSONValue = [:]
    reply = try reply.setting("hello", at: JSONPointer("/data/content/text"))
    reply = try reply.setting("r1", at: JSONPointer("/data/room"))
    reply = try reply.setting("x", at: JSONPointer("/data/tags/0"))
    reply = try reply.setting("y", at: JSONPointer("/data/tags/-"))
    #expect(reply.serialized() == #"{"data":{"content":{"text":"hello"},"room":"r1","tags":["x","y"]}}"#)
    #expect(try JSONObject().setting(1, at: JSONPointer("/a")) == ["a": 1])
  }

  @Test(arguments: ["/a/b", "/list/5", "/list/x", "/text/0"])
  func `setting through what can hold nothing is refused`(text: String) throws {
    let value: JSONValue = ["a": 1, "list": [1], "text": "x"]
    #expect(throws: JSONPointerError.self) { try value.setting(1, at: JSONPointer(text)) }
  }
}
