import Foundation
import Support
import Testing

@testable import Channels

@Suite struct SecretFileTests {
  static func with(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  static func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  static let secret = Secret(Array("s3cret".utf8))

  @Test func `a new file is for its owner alone, and so is its folder; what is read is what was written`() throws {
    try Self.with { folder in
      let secrets = folder.appending(path: "data/secrets")
      let file = SecretFile(folder: secrets, name: "rooms")
      let written = try file.write(Self.secret)
      #expect(written == .new)
      #expect(try Self.mode(file.path) == 0o600 && Self.mode(secrets.path(percentEncoded: false)) == 0o700)
      #expect(try SecretReader(environment: [:], folder: folder).read(.file(file.path)).bytes == Self.secret.bytes)
      #expect(try FileManager.default.contentsOfDirectory(atPath: secrets.path(percentEncoded: false)) == ["rooms"])
    }
  }

  @Test func `the same secret once more is known; another one does not take its place`() throws {
    try Self.with { folder in
      let file = SecretFile(folder: folder, name: "rooms")
      _ = try file.write(Self.secret)
      #expect(try file.write(Self.secret) == .known)
      let error = #expect(throws: SecretError.self) { _ = try file.write(Secret(Array("other".utf8))) }
      #expect(error?.description.contains("another secret") == true && error?.description.contains("s3cret") == false)
      #expect(try String(contentsOfFile: file.path, encoding: .utf8) == "s3cret\n")
      file.remove()
      #expect(try file.write(Secret(Array("other".utf8))) == .new)
    }
  }

  @Test func `a link, a folder, and a file that others can read are not written to`() throws {
    try Self.with { folder in
      let file = SecretFile(folder: folder, name: "rooms")
      let target = folder.appending(path: "target").path(percentEncoded: false)
      try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: target)
      #expect(throws: SecretError.self) { _ = try file.write(Self.secret) }
      #expect(!FileManager.default.fileExists(atPath: target))
      try FileManager.default.removeItem(atPath: file.path)
      try FileManager.default.createDirectory(atPath: file.path, withIntermediateDirectories: false)
      #expect(throws: SecretError.self) { _ = try file.write(Self.secret) }
      try FileManager.default.removeItem(atPath: file.path)
      try Data("s3cret".utf8).write(to: URL(filePath: file.path))
      chmod(file.path, 0o644)
      let error = #expect(throws: SecretError.self) { _ = try file.write(Self.secret) }
      #expect(error?.description.contains("others than its owner") == true)
    }
  }

  @Test func `a folder that is a link, a file, or open to others`() throws {
    try Self.with { folder in
      let secrets = folder.appending(path: "secrets").path(percentEncoded: false)
      let file = SecretFile(folder: URL(filePath: secrets), name: "rooms")
      let elsewhere = folder.appending(path: "elsewhere").path(percentEncoded: false)
      try FileManager.default.createDirectory(atPath: elsewhere, withIntermediateDirectories: false)
      try FileManager.default.createSymbolicLink(atPath: secrets, withDestinationPath: elsewhere)
      #expect(throws: SecretError.self) { _ = try file.write(Self.secret) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere) == [])
      try FileManager.default.removeItem(atPath: secrets)
      try Data().write(to: URL(filePath: secrets))
      #expect(throws: SecretError.self) { _ = try file.write(Self.secret) }
      try FileManager.default.removeItem(atPath: secrets)
      try FileManager.default.createDirectory(atPath: secrets, withIntermediateDirectories: false)
      chmod(secrets, 0o777)
      let error = #expect(throws: SecretError.self) { _ = try file.write(Self.secret) }
      #expect(error?.description.contains("chmod 700") == true)
    }
  }

  @Test func `a half-written file of an earlier try is in nobody's way`() throws {
    try Self.with { folder in
      let file = SecretFile(folder: folder, name: "rooms")
      try Data("half".utf8).write(to: URL(filePath: file.path + ".new"))
      #expect(try file.write(Self.secret) == .new)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) == ["rooms"])
    }
  }
}
