import Foundation
import Support
import Testing
import Workspace

@Suite("Damaged files never harm")
struct MutationTests {
  /// xorshift64*, so that a failure can be had again.
  private struct Seeded: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state >> 12
      state ^= state << 25
      state ^= state >> 27
      return state &* 0x2545_F491_4F6C_DD1D
    }
  }

  private static let pieces = [
    "\n", "\t", "- ", ": ", "'", "\"", "[", "]", "{", "}", "&a ", "*a ", "? ", "! ", "|\n", ">\n", "---\n", "...\n",
    "#",
    "\0", "\u{FEFF}", "\u{2028}", "\u{E000}", "\r", "<<: ", "%YAML 9\n", "@", "`", "\u{1F600}", "~", "  ",
  ].map { Array($0.utf8) }

  private func mutated(_ text: String, _ random: inout Seeded) -> [UInt8] {
    var bytes = Array(text.utf8)
    for _ in 0..<Int.random(in: 1...4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 0...20, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &random) ?? [], at: place)
      case 2: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 4: bytes.removeSubrange(place...)
      default: bytes.replaceSubrange(place..<end, with: Self.pieces.randomElement(using: &random) ?? [])
      }
    }
    return bytes
  }

  @Test(arguments: 0..<8) func thereIsAlwaysContentOrAnError(_ seed: Int) throws {
    var random = Seeded(state: UInt64(seed) &* 7919 &+ 1)
    let settings = "name: A\ndesk: {hours: {mon: \"09:00-18:00\"}, queues: [general, payouts]}\nchat: &c {port: 80}\n"
    let dialogues = "dialogues:\n  - name: a\n    steps:\n      - agency: x\n        ticket: none\n      - wait: 2h\n"
    let fixture = try WorkspaceFixture()
    for round in 0..<40 {
      try fixture.write("intents/a.yml", Data(mutated(SampleTests.intents, &random)))
      try fixture.write("knowledge/payouts/late-payout.md", Data(mutated(SampleTests.article, &random)))
      try fixture.write("greenroom.yml", Data(mutated(settings, &random)))
      try fixture.write("dialogues/a.yml", Data(mutated(dialogues, &random)))
      let reading = fixture.read()
      let hasErrors = reading.problems.contains { $0.severity == .error }
      #expect((reading.content == nil) == hasErrors, "seed \(seed), round \(round)")
      #expect(reading.problems.allSatisfy { $0.location.line >= 1 && $0.location.column >= 1 && !$0.message.isEmpty })
      #expect(fixture.read().problems == reading.problems, "seed \(seed), round \(round): two readings differ")
      _ = DialogueReader(folder: fixture.folder).read()
    }
  }
}
