package import Foundation
package import Support

/// Fetches secrets from where the settings say they are kept.
package struct SecretReader: Sendable {
  private let environment: [String: String]
  private let folder: URL

  /// In bytes: no key or token is longer, and a wrong path may lead to anything.
  private static let maximumSize = 64 << 10

  /// - Parameter folder: the workspace folder; relative paths start there.
  package init(environment: [String: String], folder: URL) {
    self.environment = environment
    self.folder = folder
  }

  /// - Throws: `SecretError`, which says where the secret was looked for, never what was found.
  package func read(_ source: SecretSource) throws(SecretError) -> Secret {
    switch source {
    case .environment(let name):
      guard let value = environment[name] else {
        throw SecretError("the environment variable \(name) is not set; set it to the secret")
      }
      return try secret(Array(value.utf8), from: "the environment variable \(name)")
    case .file(let path):
      let place = path.hasPrefix("/") ? path : folder.appendingPathComponent(path).path
      return try secret(try contents(of: place, called: path), from: "the file \(path)")
    }
  }

  private func secret(_ bytes: [UInt8], from place: String) throws(SecretError) -> Secret {
    // Editors and `echo` end a file with a line break that is no part of the secret.
    let trimmed = Array(bytes[...(bytes.lastIndex { $0 != 0x0A && $0 != 0x0D } ?? -1)])
    guard !trimmed.isEmpty else { throw SecretError("\(place) is empty; put the secret there") }
    return Secret(trimmed)
  }

  /// What is checked is the file that is open, so that it cannot be another one by the time it is read.
  private func contents(of path: String, called name: String) throws(SecretError) -> [UInt8] {
    // Without O_NONBLOCK, opening a named pipe would wait for its other end.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw SecretError("the secret file \(name) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw SecretError("\(name) is not a file; a secret is kept in a file of its own")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw SecretError("the secret file \(name) can be read by others than its owner; run: chmod 600 \(name)")
    }
    guard status.st_size <= Self.maximumSize else {
      throw SecretError("\(name) is larger than \(Self.maximumSize) bytes and can hardly be a secret; check the path")
    }
    var bytes = [UInt8](repeating: 0, count: Self.maximumSize)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes {
        pread(file, $0.baseAddress?.advanced(by: count), $0.count - count, off_t(count))
      }
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else {
        throw SecretError("the secret file \(name) cannot be read: \(String(cString: strerror(errno)))")
      }
      if got == 0 { break }
      count += got
    }
    return Array(bytes.prefix(count))
  }
}

/// A secret that could not be fetched.
package struct SecretError: Error, Sendable, CustomStringConvertible {
  /// What is wrong, where, and what to do: never the secret.
  package var description: String

  init(_ description: String) { self.description = description }
}
