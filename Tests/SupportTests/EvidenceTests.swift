import Foundation
import Support
import Testing

@Suite struct EvidenceTests {
  @Test(arguments: Evidence.Kind.allCases) func `what is written is read again`(kind: Evidence.Kind) throws {
    let evidence = Evidence(kind, "said", candidate: .article("payouts/late"), source: "a.md:3", score: -1.25)
    let read = try JSONDecoder().decode(Evidence.self, from: JSONEncoder().encode(evidence))
    #expect(read == evidence)
  }

  @Test func `a line of the first version of the program is read`() throws {
    let old = #"{"kind":"runner-up","text":"Also likely.","candidate":"intent:late","source":"a.yml:3","score":0.5}"#
    #expect(
      try JSONDecoder().decode(Evidence.self, from: Data(old.utf8))
        == Evidence(.runnerUp, "Also likely.", candidate: .intent("late"), source: "a.yml:3", score: 0.5))
  }

  @Test(arguments: [
    (#"{"kind":"omen","text":"The birds flew left."}"#, Evidence(.other, "The birds flew left.")),
    (#"{"text":"No kind."}"#, Evidence(.other, "No kind.")),
    (#"{"kind":"line"}"#, Evidence(.line, "")),
    (#"{"kind":"line","text":"t","candidate":"planet:mars","weight":7}"#, Evidence(.line, "t")),
    (#"{"kind":null,"text":null,"candidate":null,"source":null,"score":null}"#, Evidence(.other, "")),
  ]) func `reasons that another version wrote do not hide the message`(json: String, expected: Evidence) throws {
    #expect(try JSONDecoder().decode(Evidence.self, from: Data(json.utf8)) == expected)
  }

  @Test func `what is no evidence at all is refused`() {
    for json in ["[]", #""line""#, #"{"kind":"line","text":7}"#, #"{"kind":"line","text":"t","score":"high"}"#] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Evidence.self, from: Data(json.utf8)) }
    }
  }
}
