import Foundation

/// What the file system says about a path.
struct FileStatus: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case file, folder, link, other
  }

  var kind: Kind
  /// In bytes.
  var size: Int
  var modifiedSeconds: Int
  var modifiedNanoseconds: Int
  var inode: UInt64

  /// - Parameter followingLinks: whether a symbolic link stands for what it points at.
  /// - Returns: nil when there is nothing, or it may not be seen.
  init?(path: String, followingLinks: Bool) {
    var status = stat()
    guard (followingLinks ? stat(path, &status) : lstat(path, &status)) == 0 else { return nil }
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .folder
      case S_IFLNK: .link
      default: .other
      }
    size = Int(status.st_size)
    #if os(Linux)
      modifiedSeconds = status.st_mtim.tv_sec
      modifiedNanoseconds = status.st_mtim.tv_nsec
    #else
      modifiedSeconds = status.st_mtimespec.tv_sec
      modifiedNanoseconds = status.st_mtimespec.tv_nsec
    #endif
    inode = UInt64(status.st_ino)
  }

  /// The path without links, `.` and `..`; nil when it leads nowhere or in a circle.
  static func realPath(_ path: String) -> String? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return String(cString: resolved)
  }
}
