package import Foundation

/// A `greenroom.yml` on disk that is changed as a whole or not at all.
package struct SettingsFile: Sendable {
  /// Something is in the way.
  package struct Problem: Error, Sendable, Hashable, CustomStringConvertible {
    /// Which file, what is wrong, and what to do.
    package var description: String
  }

  /// As people know it.
  package let path: String

  package init(_ url: URL) { path = url.path(percentEncoded: false) }

  /// - Returns: what is in it; nothing where there is no file.
  package func bytes() throws(Problem) -> [UInt8] {
    guard let status = FileStatus(path: path, followingLinks: true) else {
      // A link to nowhere is not the same as no file.
      if FileStatus(path: path, followingLinks: false) == nil { return [] }
      throw Problem(description: "\(path) is a link to a file that cannot be read; mend it first.")
    }
    guard status.kind == .file else { throw Problem(description: "\(path) is not a file.") }
    guard status.size <= SourceText.largestFile else {
      throw Problem(description: "\(path) is too large for settings.")
    }
    do {
      return [UInt8](try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw Problem(description: "\(path) cannot be read; check its permissions.")
    }
  }

  /// Whether somebody means it to stay as it is.
  package var isReadOnly: Bool {
    var status = stat()
    return stat(path, &status) == 0 && (status.st_mode & 0o222 == 0 || access(path, W_OK) != 0)
  }

  /// - Parameter old: what it held when it was read; it is left alone where somebody has changed it since.
  package func replace(_ old: [UInt8], with new: [UInt8]) throws(Problem) {
    guard !isReadOnly else { throw Problem(description: "\(path) may not be written to.") }
    guard try bytes() == old else {
      throw Problem(description: "\(path) was changed meanwhile, and was left alone; start again.")
    }
    // What a link leads to is changed, and the link stays.
    let place = FileStatus.realPath(path) ?? path
    var status = stat()
    let mode = stat(place, &status) == 0 ? status.st_mode & 0o777 : 0o644
    let draft = place + ".new"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard file >= 0 else { throw failure() }
    // The process's mask does not count for a file that is there already.
    var isWhole = status.st_ino == 0 || fchmod(file, mode) == 0
    var written = 0
    while isWhole, written < new.count {
      let count = new.withUnsafeBytes {
        Foundation.write(file, $0.baseAddress?.advanced(by: written), $0.count - written)
      }
      if count < 0, errno == EINTR { continue }
      isWhole = count > 0
      written += max(0, count)
    }
    isWhole = isWhole && fsync(file) == 0
    let reason = errno
    close(file)
    guard isWhole, rename(draft, place) == 0 else {
      if !isWhole { errno = reason }
      let problem = failure()
      unlink(draft)
      throw problem
    }
  }

  private func failure() -> Problem {
    Problem(description: "\(path) cannot be written (\(String(cString: strerror(errno)))); check its folder and disk.")
  }
}
