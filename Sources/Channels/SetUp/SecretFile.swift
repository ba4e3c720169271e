package import Foundation
import Support

/// A file with one secret, for its owner alone. It is written whole or not at all, and never over another secret.
package struct SecretFile: Sendable {
  package enum Written: Sendable, Hashable {
    case new
    /// The same secret stood there already.
    case known
  }

  package let path: String

  /// - Parameter folder: made where there is none, mode 0700.
  package init(folder: URL, name: String) {
    path = folder.appending(path: name, directoryHint: .notDirectory).path(percentEncoded: false)
  }

  private var folder: String { URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false) }

  /// - Throws: `SecretError`: a link, a folder or another secret stands there; the folder can be written to by others; the
  ///   disk is full.
  package func write(_ secret: Secret) throws(SecretError) -> Written {
    try makeFolder()
    var status = stat()
    if lstat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw SecretError("\(path) is not a file of its own; move it away, or give the channel another name")
      }
      guard status.st_mode & 0o077 == 0 else {
        throw SecretError("\(path) is there already, and others than its owner can read it; move it away")
      }
      let there = try? SecretReader(environment: [:], folder: URL(filePath: "/")).read(.file(path))
      guard let there, there.bytes == secret.bytes else {
        throw SecretError(
          "\(path) is there already, with another secret; move it away, or give the channel another name")
      }
      return .known
    }
    let draft = path + ".new"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw failure() }
    let bytes = secret.bytes + [0x0A]
    let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
    let isWhole = count == bytes.count && fchmod(file, 0o600) == 0 && fsync(file) == 0
    close(file)
    // Unlike a rename, a link never takes the place of what somebody has put there meanwhile.
    guard isWhole, link(draft, path) == 0 else {
      let problem = failure()
      unlink(draft)
      throw problem
    }
    unlink(draft)
    return .new
  }

  /// Takes back what `write` wrote.
  package func remove() { unlink(path) }

  private func makeFolder() throws(SecretError) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      throw SecretError("the folder \(folder) cannot be made; check the data folder and its disk")
    }
    var status = stat()
    guard lstat(folder.hasSuffix("/") ? String(folder.dropLast()) : folder, &status) == 0,
      status.st_mode & S_IFMT == S_IFDIR
    else { throw SecretError("\(folder) is a link; a secret is kept in a folder of the data folder itself") }
    guard status.st_mode & 0o022 == 0 else {
      throw SecretError("others than its owner can write to the folder \(folder); run: chmod 700 \(folder)")
    }
  }

  private func failure() -> SecretError {
    SecretError("the secret file \(path) cannot be written: \(String(cString: strerror(errno)))")
  }
}
