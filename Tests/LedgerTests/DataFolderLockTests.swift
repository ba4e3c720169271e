import Foundation
import Ledger
import Support
import Testing

@Suite struct DataFolderLockTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func refusal() -> LedgerError? {
    do {
      _ = try DataFolderLock(folder: folder.url)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a second bot on the same folder is told who the first is`() throws {
    let first = try DataFolderLock(folder: folder.url)
    let error = refusal()
    #expect(error?.code == .alreadyRunning)
    #expect(error?.description.contains("\(ProcessInfo.processInfo.processIdentifier)") == true)
    #expect(error?.description.contains(folder.url.path(percentEncoded: false)) == true)
    withExtendedLifetime(first) {}
  }

  @Test func `the lock is free again when its holder is gone, also where the file stays`() throws {
    do {
      let first = try DataFolderLock(folder: folder.url)
      withExtendedLifetime(first) {}
    }
    let file = folder.url.appending(path: "greenroom.lock")
    #expect(FileManager.default.fileExists(atPath: file.path(percentEncoded: false)))
    #expect(refusal() == nil)
  }

  @Test func `a lock file with anything in it, left by a crash, stops nobody`() throws {
    try Data("999999999999999999999999 not a number".utf8).write(to: folder.url.appending(path: "greenroom.lock"))
    #expect(refusal() == nil)
  }

  @Test func `the folder is made, and the desk works beside the lock`() async throws {
    let url = folder.url.appending(path: "new")
    let lock = try DataFolderLock(folder: url)
    let ledger = try SQLiteLedger(folder: url)
    #expect(try await ledger.take(message("1")).new == 1)
    withExtendedLifetime(lock) {}
  }
}
