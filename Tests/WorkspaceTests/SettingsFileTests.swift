import Foundation
import Testing

@testable import Workspace

@Suite struct SettingsFileTests {
  static func with(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  static func mode(_ file: URL) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: file.path(percentEncoded: false))[.posixPermissions] as? Int
  }

  @Test func `a new file, and then a change that keeps its mode`() throws {
    try Self.with { folder in
      let url = folder.appending(path: "greenroom.yml")
      let file = SettingsFile(url)
      #expect(try file.bytes() == [])
      try file.replace([], with: Array("a".utf8))
      chmod(url.path(percentEncoded: false), 0o640)
      try file.replace(Array("a".utf8), with: Array("b".utf8))
      #expect(try String(contentsOf: url, encoding: .utf8) == "b" && Self.mode(url) == 0o640)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) == ["greenroom.yml"])
    }
  }

  @Test func `what somebody changed meanwhile is left alone`() throws {
    try Self.with { folder in
      let url = folder.appending(path: "greenroom.yml")
      try Data("theirs".utf8).write(to: url)
      let problem = #expect(throws: SettingsFile.Problem.self) {
        try SettingsFile(url).replace(Array("old".utf8), with: Array("new".utf8))
      }
      #expect(problem?.description.contains("meanwhile") == true)
      #expect(try String(contentsOf: url, encoding: .utf8) == "theirs")
    }
  }

  @Test func `a file that is read-only stays as it is`() throws {
    try Self.with { folder in
      let url = folder.appending(path: "greenroom.yml")
      try Data("a".utf8).write(to: url)
      chmod(url.path(percentEncoded: false), 0o444)
      let file = SettingsFile(url)
      #expect(file.isReadOnly)
      #expect(throws: SettingsFile.Problem.self) { try file.replace(Array("a".utf8), with: [0x62]) }
      #expect(try String(contentsOf: url, encoding: .utf8) == "a")
    }
  }

  @Test func `a link stays a link, and what it leads to is changed`() throws {
    try Self.with { folder in
      let url = folder.appending(path: "greenroom.yml")
      let real = folder.appending(path: "real.yml")
      try Data("a".utf8).write(to: real)
      try FileManager.default.createSymbolicLink(at: url, withDestinationURL: real)
      try SettingsFile(url).replace(Array("a".utf8), with: Array("b".utf8))
      #expect(try String(contentsOf: real, encoding: .utf8) == "b")
      #expect(
        try FileManager.default.destinationOfSymbolicLink(atPath: url.path(percentEncoded: false)).hasSuffix("real.yml")
      )
    }
  }

  @Test func `a link to nowhere, and a folder`() throws {
    try Self.with { folder in
      let url = folder.appending(path: "greenroom.yml")
      try FileManager.default.createSymbolicLink(atPath: url.path(percentEncoded: false), withDestinationPath: "gone")
      #expect(throws: SettingsFile.Problem.self) { _ = try SettingsFile(url).bytes() }
      #expect(throws: SettingsFile.Problem.self) { _ = try SettingsFile(folder).bytes() }
    }
  }

  @Test func `a folder that is not there`() throws {
    try Self.with { folder in
      let file = SettingsFile(folder.appending(path: "none/greenroom.yml"))
      #expect(throws: SettingsFile.Problem.self) { try file.replace([], with: [0x61]) }
    }
  }
}
