import Sodium

/// The name of a workspace's content: the same files have the same version on every machine.
struct WorkspaceVersion {
  private var hash = SHA256()

  /// Adds a file. Files are added in the order of their paths.
  mutating func add(_ file: SourceText) {
    // Lengths keep "ab" + "c" apart from "a" + "bc".
    hash.update(Array("\(file.file.utf8.count):\(file.file)\(file.bytes.count):".utf8))
    hash.update(file.bytes)
  }

  /// The first 16 hexadecimal digits of the SHA-256.
  var text: String {
    let bytes = hash.finalize().prefix(8)
    return bytes.map { (($0 < 16 ? "0" : "") + String($0, radix: 16)) }.joined()
  }
}
