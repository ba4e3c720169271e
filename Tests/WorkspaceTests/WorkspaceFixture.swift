import Foundation
import Support
import Testing
import Workspace

/// A workspace folder that lives as long as a test.
final class WorkspaceFixture {
  let folder: URL

  static let article = "---\ntitle: A late payout\n---\nPayouts are sent by the 15th.\n"

  init(_ files: [String: String] = [:]) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "workspace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (path, text) in files { try write(path, Data(text.utf8)) }
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func write(_ path: String, _ data: Data) throws {
    let file = folder.appending(path: path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  func link(_ path: String, to target: String) throws {
    let link = folder.appending(path: path)
    try FileManager.default.createDirectory(at: link.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: link.path, withDestinationPath: target)
  }

  func read(asOf day: CalendarDay? = nil) -> WorkspaceReading { WorkspaceReader(folder: folder).read(asOf: day) }
}

extension [Problem] {
  /// `error intents/a.yml:1:1`.
  var places: [String] { map { "\($0.severity.rawValue) \($0.location)" } }

  var lines: String { map { "\($0.severity.rawValue) \($0.location) \($0.message)" }.joined(separator: "\n") }
}

/// Reads one file of intents, beside an article `late`, and gives what is wrong.
func problemsOfIntents(_ text: String) throws -> [Problem] {
  let fixture = try WorkspaceFixture(["intents/a.yml": text, "knowledge/late.md": WorkspaceFixture.article])
  return fixture.read().problems
}

func problemsOfArticle(_ text: String) throws -> [Problem] {
  try WorkspaceFixture(["knowledge/a.md": text]).read().problems
}

func problemsOfSettings(_ text: String) throws -> [Problem] {
  let fixture = try WorkspaceFixture(["greenroom.yml": text, "knowledge/late.md": WorkspaceFixture.article])
  return fixture.read().problems
}

func problemsOfDialogues(_ text: String) throws -> [Problem] {
  let fixture = try WorkspaceFixture(["dialogues/a.yml": text])
  return DialogueReader(folder: fixture.folder).read().problems
}

/// A kind of bad input, by name, with the place and a piece of the message.
struct BadInput: Sendable, CustomTestStringConvertible {
  var name: String
  var text: String
  /// `error 3:5`.
  var place: String
  var says: String

  init(_ name: String, _ text: String, _ place: String, says: String) {
    self.name = name
    self.text = text
    self.place = place
    self.says = says
  }

  var testDescription: String { name }

  func check(_ problems: [Problem], file: String) {
    let parts = place.split(separator: " ")
    let expected = "\(parts[0]) \(file):\(parts[1])"
    #expect(
      problems.contains { "\($0.severity.rawValue) \($0.location)" == expected && $0.message.contains(says) },
      "expected \(expected) with '\(says)', got:\n\(problems.lines)")
  }
}
