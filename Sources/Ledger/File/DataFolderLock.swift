package import Foundation
package import Support

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Held by the one bot that runs on a data folder. The kernel gives it back when the process ends, however it ends.
/// Desk commands do not take it: they may write to the ledger of a running bot.
package final class DataFolderLock: Sendable {
  private let descriptor: CInt

  /// Takes the lock, without waiting. It is held for as long as this object lives.
  /// - Parameter folder: made where there is none, mode 0700; the lock is the file `greenroom.lock` in it.
  /// - Throws: `LedgerError`: `alreadyRunning` where another bot holds it; `notWritable`, `diskFull` or `failed` where
  ///   the file cannot be made or locked.
  package init(folder: URL) throws(LedgerError) {
    let folder = DataFolder(url: folder)
    try folder.make()
    descriptor = try folder.open(folder.lock)
    var result = flock(descriptor, LOCK_EX | LOCK_NB)
    while result != 0 && errno == EINTR { result = flock(descriptor, LOCK_EX | LOCK_NB) }
    guard result == 0 else {
      let reason = errno
      let holder = Self.processID(in: descriptor).map { " (process \($0))" } ?? ""
      close(descriptor)
      guard reason == EWOULDBLOCK else {
        throw LedgerError(
          .failed, "\(folder.lock) cannot be locked. Keep the data folder on a disk that supports file locks.")
      }
      throw LedgerError(
        .alreadyRunning,
        "Another bot\(holder) runs on the data folder \(folder.path). Stop it, or name another data folder.")
    }
    Self.write(getpid(), to: descriptor)
  }

  deinit {
    close(descriptor)
  }

  /// For the message of a second bot only: what counts is the lock. So a disk that is full here does not matter.
  private static func write(_ processID: pid_t, to descriptor: CInt) {
    guard ftruncate(descriptor, 0) == 0 else { return }
    let line = Array("\(processID)\n".utf8)
    _ = pwrite(descriptor, line, line.count, 0)
  }

  private static func processID(in descriptor: CInt) -> Int? {
    var bytes = [UInt8](repeating: 0, count: 32)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    let line = String(decoding: bytes.prefix(count), as: UTF8.self)
    return Int(line.trimmingCharacters(in: .whitespacesAndNewlines))
  }
}
