import Foundation

/// Keeps two installs on one data folder apart. The system takes the lock back when its process ends, however it ends.
///
/// Freed with the object.
final class InstallLock {
  private let file: Int32

  /// Waits until nobody else installs.
  /// - Parameter onWait: called once, where somebody does.
  /// - Throws: `POSIXError` where the lock file cannot be made.
  init(folder: URL, onWait: () -> Void) throws(POSIXError) {
    let path = folder.appending(path: ".lock").path(percentEncoded: false)
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    if flock(file, LOCK_EX | LOCK_NB) == 0 { return }
    onWait()
    while flock(file, LOCK_EX) != 0 {
      guard errno == EINTR else {
        let error = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        close(file)
        throw error
      }
    }
  }

  deinit { close(file) }
}
