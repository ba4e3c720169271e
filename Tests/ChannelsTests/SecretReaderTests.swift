import Foundation
import Support
import Testing

@testable import Channels

@Suite struct SecretReaderTests {
  /// A folder of its own for each test, gone at the end of it.
  final class Folder {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appendingPathComponent("secrets-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, mode: Int) throws -> SecretSource {
      let file = url.appendingPathComponent("key")
      try Data(text.utf8).write(to: file)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
      return .file("key")
    }

    func reader(_ environment: [String: String] = [:]) -> SecretReader {
      SecretReader(environment: environment, folder: url)
    }
  }

  @Test func `a secret shows itself nowhere`() {
    let secret = Secret(Array("hunter2".utf8))
    var dumped = ""
    dump(secret, to: &dumped)
    for text in [
      "\(secret)", String(reflecting: secret), dumped, "\([secret])", "\(WebhookCredentials.bearer(secret))",
    ] {
      #expect(!text.contains("hunter2"))
      #expect(!text.contains("104"))
    }
  }

  @Test func `the environment and a file of the owner alone are read, without the line break at the end`() throws {
    let folder = try Folder()
    #expect(try folder.reader(["T": "abc"]).read(.environment("T")).bytes == Array("abc".utf8))
    for mode in [0o600, 0o400] {
      let source = try folder.write("ab c\r\n\n", mode: mode)
      #expect(try folder.reader().read(source).bytes == Array("ab c".utf8))
      try FileManager.default.removeItem(at: folder.url.appendingPathComponent("key"))
    }
  }

  @Test func `an absolute path is taken as it is`() throws {
    let folder = try Folder()
    _ = try folder.write("abc", mode: 0o600)
    let reader = SecretReader(environment: [:], folder: URL(fileURLWithPath: "/nonexistent"))
    #expect(try reader.read(.file(folder.url.appendingPathComponent("key").path)).bytes == Array("abc".utf8))
  }

  @Test(arguments: [0o640, 0o604, 0o644, 0o660, 0o610, 0o601, 0o666, 0o777])
  func `a secret file that others can read is refused with what to do`(mode: Int) throws {
    let folder = try Folder()
    let source = try folder.write("hunter2", mode: mode)
    let error = #expect(throws: SecretError.self) { try folder.reader().read(source) }
    #expect(error?.description.contains("chmod 600 key") == true)
    #expect(error?.description.contains("hunter2") == false)
  }

  @Test(arguments: ["", "\n", "\r\n\n"])
  func `an empty secret is refused`(text: String) throws {
    let folder = try Folder()
    let source = try folder.write(text, mode: 0o600)
    #expect(throws: SecretError.self) { try folder.reader().read(source) }
    #expect(throws: SecretError.self) { try folder.reader(["T": text]).read(.environment("T")) }
  }

  @Test func `a missing variable, a missing file, a folder and a huge file are refused by name`() throws {
    let folder = try Folder()
    let reader = folder.reader()
    #expect(
      "\(String(describing: #expect(throws: SecretError.self) { try reader.read(.environment("NO_SUCH")) }))".contains(
        "NO_SUCH"))
    #expect(
      "\(String(describing: #expect(throws: SecretError.self) { try reader.read(.file("no-such")) }))".contains(
        "no-such"))
    #expect(throws: SecretError.self) { try reader.read(.file(".")) }
    let huge = try folder.write(String(repeating: "x", count: 70_000), mode: 0o600)
    #expect(throws: SecretError.self) { try reader.read(huge) }
  }

  @Test(arguments: ["two words", "line\nbreak", "tab\t", "ключ", "nul\u{0}"])
  func `a bearer token that would break the header is refused`(token: String) throws {
    let reader = SecretReader(environment: ["T": token], folder: URL(fileURLWithPath: "/"))
    #expect(throws: SecretError.self) {
      _ = try WebhookSettings.Authentication.bearer(.environment("T")).credentials(from: reader)
    }
  }
}
