import JSON
import Testing

@Suite struct JSONSerializingTests {
  @Test func `building a document reads like the document`() {
    let name = "bot"
    let value: JSONValue = [
      "text": "a \"quote\" \\ and\nmore\u{1}", "author": "\(name)", "n": 1, "x": 0.1, "ok": true, "none": nil,
      "list": [1, "b"],
      "empty": [:], "no": [],
    ]
    #expect(
      value.serialized()
        == #"{"text":"a \"quote\" \\ and\nmore\u0001","author":"bot","n":1,"x":0.1,"ok":true,"none":null,"#
        + #""list":[1,"b"],"empty":{},"no":[]}"#)
  }

  @Test func `pretty texts have two spaces a level`() {
    let value: JSONValue = ["a": [1, ["b": nil]], "c": [:], "d": []]
    #expect(
      value.serialized(pretty: true) == """
        {
          "a": [
            1,
            {
              "b": null
            }
          ],
          "c": {},
          "d": []
        }
        """)
  }

  @Test(arguments: [
    0.1, 1.0 / 3, 0.1 + 0.2, 1e21, .leastNonzeroMagnitude, 1.7976931348623157e308, -0.0, 100, 123456789.125,
  ])
  func `numbers are written in the fewest digits that read back the same`(number: Double) throws {
    let text = JSONValue.number(number).serialized()
    #expect(text == number.description)
    #expect(try JSONValue.parse(text).double?.bitPattern == number.bitPattern)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `what JSON cannot say becomes null`(number: Double) {
    #expect(JSONValue.array([.number(number)]).serialized() == "[null]")
  }

  @Test func `members keep their order through changes`() {
    var object: JSONObject = ["a": 1, "b": 2, "c": 3]
    object["b"] = nil
    object["d"] = 4
    object["a"] = 5
    #expect(object.keys == ["a", "c", "d"])
    #expect(JSONValue.object(object).serialized() == #"{"a":5,"c":3,"d":4}"#)
    #expect(object.map(\.value) == [5, 3, 4])
  }

  @Test func `a large object finds, replaces and removes its members`() {
    var object = JSONObject((0..<100).map { ("k\($0)", .integer($0)) })
    for number in stride(from: 0, to: 100, by: 2) { object["k\(number)"] = nil }
    object["k1"] = "one"
    #expect(object.count == 50)
    #expect(object["k1"] == "one")
    #expect(object["k2"] == nil)
    #expect(object["k99"] == 99)
    #expect(object.first?.key == "k1")
  }

  @Test func `objects are equal whatever the order of their members`() {
    let first: JSONValue = ["a": 1, "b": [2, 3]]
    let second: JSONValue = ["b": [2, 3], "a": 1]
    #expect(first == second)
    #expect(first.hashValue == second.hashValue)
    #expect(first != ["a": 1, "b": [3, 2]])
    #expect(first != ["a": 1])
  }
}
