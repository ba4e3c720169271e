import Foundation
import Ledger
import Support
import Testing

@Suite struct LogTests {
  let folder: TemporaryFolder
  let ledger: SQLiteLedger

  init() async throws {
    folder = try TemporaryFolder()
    ledger = try SQLiteLedger(folder: folder.url)
    for (index, agency) in ["A", "B", "A"].enumerated() {
      _ = try await ledger.take(message("\(index)", in: agency, agency: agency), at: minutes(Double(index)))
      try await ledger.settle(at: minutes(Double(index))) { _, state in
        var made = decision(index == 1 ? .clarify : .answer, reply: Reply("r\(index)"), state: state)
        made.parts = [
          Decision.Part(text: "one", kind: made.kind, matched: .article("art-\(index)")),
          Decision.Part(text: "two", kind: made.kind, matched: .intent("both")),
          Decision.Part(text: "three", kind: made.kind, matched: .intent("both")),
        ]
        return made
      }
    }
  }

  private func messages(_ filter: InteractionFilter) async throws -> [String] {
    try await ledger.interactions(filter).map { "\($0.direction.rawValue) \($0.message ?? "-")" }
  }

  @Test func `every line, in order`() async throws {
    #expect(try await messages(InteractionFilter()) == ["in 0", "out 0", "in 1", "out 1", "in 2", "out 2"])
  }

  @Test func `filters, alone and together`() async throws {
    #expect(try await messages(InteractionFilter(since: minutes(1), until: minutes(2))) == ["in 1", "out 1"])
    #expect(try await messages(InteractionFilter(agency: "A", direction: .outgoing)) == ["out 0", "out 2"])
    #expect(try await messages(InteractionFilter(decision: .clarify)) == ["in 1"])
    #expect(try await messages(InteractionFilter(matched: .article("art-2"))) == ["in 2"])
    #expect(try await messages(InteractionFilter(matched: .intent("both"))) == ["in 0", "in 1", "in 2"])
    #expect(try await messages(InteractionFilter(agency: "B", matched: .article("art-2"))).isEmpty)
    #expect(try await messages(InteractionFilter(ticket: 1)).isEmpty)
  }

  @Test func `a limit gives the newest, oldest first`() async throws {
    #expect(try await messages(InteractionFilter(limit: 3)) == ["out 1", "in 2", "out 2"])
    #expect(try await messages(InteractionFilter(agency: "A", limit: 2)) == ["in 2", "out 2"])
    #expect(try await messages(InteractionFilter(limit: 0)).isEmpty)
    #expect(try await messages(InteractionFilter(limit: -5)).isEmpty)
  }

  @Test func `parts come back as they were decided`() async throws {
    let parts = try await ledger.interactions(InteractionFilter(limit: 2)).first?.parts
    #expect(parts?.map(\.text) == ["one", "two", "three"])
    #expect(parts?.map(\.matched) == [.article("art-2"), .intent("both"), .intent("both")])
  }
}
