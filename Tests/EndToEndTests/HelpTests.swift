import Foundation
import Testing

extension EndToEnd {
  @Suite struct HelpTests {
    static let commands = [
      [], ["run"], ["status"], ["ask"], ["chat"], ["check"], ["test"], ["log"], ["log", "correct"], ["log", "release"],
      ["log", "drop"], ["report"],
      ["report", "weekly"], ["evaluate"],
      ["ticket"], ["ticket", "list"], ["ticket", "show"], ["ticket", "take"], ["ticket", "note"], ["ticket", "reply"],
      ["ticket", "move"], ["ticket", "resolve"], ["ticket", "close"], ["ticket", "reopen"],
      ["model"], ["model", "install"], ["model", "list"], ["model", "remove"],
      ["channel"], ["channel", "add"], ["channel", "check"], ["channel", "list"],
    ]

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/help")

    @Test(arguments: commands)
    func `the help is that of the stored copy`(command: [String]) async throws {
      let program = try RunningProgram(command + ["--help"])
      #expect(await program.end() == 0)
      let stored = Self.folder.appending(path: (["greenroom"] + command).joined(separator: "-") + ".txt")
      if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
        try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        try Data(program.output.value.utf8).write(to: stored)
      }
      let copy = try #require(
        try? String(contentsOf: stored, encoding: .utf8), "no stored copy: run once with RECORD_SNAPSHOTS=1")
      #expect(program.output.value == copy, "differs from \(stored.lastPathComponent)")
      #expect(program.errors.value.isEmpty)
    }

    @Test func `every command that the help names has a stored copy`() async throws {
      let stored = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path(percentEncoded: false))
      #expect(Set(stored) == Set(Self.commands.map { (["greenroom"] + $0).joined(separator: "-") + ".txt" }))
      for group in [[], ["log"], ["report"], ["ticket"], ["model"], ["channel"]] {
        let program = try RunningProgram(group + ["--help"])
        #expect(await program.end() == 0)
        let named = program.output.value.split(separator: "SUBCOMMANDS:").last ?? ""
        // A subcommand stands two blanks in; what it is for, further on.
        let names = named.split(separator: "\n").compactMap { $0.firstMatch(of: /^ {2}([a-z]+)(?: {2,}|$)/)?.1 }
        #expect(!names.isEmpty)
        for name in names { #expect(Self.commands.contains(group + [String(name)]), "no stored help of \(name)") }
      }
    }
  }
}
