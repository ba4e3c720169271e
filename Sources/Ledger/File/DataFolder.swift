import Foundation
import Support

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The folder that holds the ledger. What is made in it is its owner's alone: it holds what agencies wrote.
struct DataFolder {
  var url: URL

  var path: String { url.path(percentEncoded: false) }
  var ledger: URL { url.appending(path: "ledger.sqlite") }
  var lock: String { url.appending(path: "greenroom.lock").path(percentEncoded: false) }

  /// Makes the folder, mode 0700, where there is none.
  func make() throws(LedgerError) {
    var isDirectory: ObjCBool = false
    // Without the closing slash, with which a file would not be found.
    let bare = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    if FileManager.default.fileExists(atPath: bare, isDirectory: &isDirectory) {
      guard isDirectory.boolValue else {
        throw LedgerError(.notWritable, "The data folder \(path) is a file. Move it away, or name another data folder.")
      }
      return
    }
    do {
      try FileManager.default.createDirectory(
        at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      let full = (error as? CocoaError)?.code == .fileWriteOutOfSpace
      throw LedgerError(
        full ? .diskFull : .notWritable,
        full
          ? "There is no room to make the data folder \(path). Free some space."
          : "The data folder \(path) cannot be made. Check that every folder above it is a folder, on a writable disk, "
            + "and belongs to the user that the bot runs as.")
    }
  }

  /// Opens a file of this folder, and makes it, mode 0600, where there is none.
  /// - Returns: its descriptor, which is the caller's to close.
  func open(_ file: String) throws(LedgerError) -> CInt {
    let descriptor = openFile(file, O_RDWR | O_CREAT | O_CLOEXEC)
    guard descriptor < 0 else { return descriptor }
    switch errno {
    case ENOSPC, EDQUOT: throw LedgerError(.diskFull, "There is no room to make \(file). Free some space.")
    case EISDIR: throw isFolder(file)
    case EMFILE, ENFILE: throw LedgerError(.failed, "\(file) cannot be opened: too many files are open.")
    default:
      throw LedgerError(
        .notWritable,
        "\(file) cannot be opened for writing. Check that it is on a writable disk and belongs to the user that the "
          + "bot runs as.")
    }
  }

  func isFolder(_ file: String) -> LedgerError {
    LedgerError(.notWritable, "\(file) is a folder. Move it away, or name another data folder.")
  }

  /// Does `work` while no other process does it on the same folder. Setting up a new file, and bringing an old one up
  /// to date, are to happen once however many processes start together.
  func alone<Value>(_ work: () throws(LedgerError) -> Value) throws(LedgerError) -> Value {
    let descriptor = openFile(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // Where the folder cannot be locked (some network disks), SQLite's own locks must do.
    guard descriptor >= 0 else { return try work() }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0 && errno == EINTR {}
    return try work()
  }

}

// Outside of the type, whose own `open` would hide the C function.
private func openFile(_ path: String, _ flags: CInt) -> CInt {
  open(path, flags, 0o600)
}
