import Foundation
import JSON

/// What a login leaves behind, kept in the data folder for its owner alone: the device, under which the server tells
/// repeated messages from new ones, and its token.
struct MatrixStateFile: Sendable {
  struct State: Sendable, Hashable {
    var homeserver: String
    var user: String
    var device: String
    var token: String?
  }

  struct Problem: Error {
    /// Which file, what is wrong and what to do.
    let reason: String
  }

  let url: URL

  init(folder: URL, channel: String) { url = folder.appending(path: "matrix-\(channel).json") }

  private var path: String { url.path(percentEncoded: false) }

  /// - Returns: nil where there is no file.
  func read() throws(Problem) -> State? {
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    if file < 0, errno == ENOENT { return nil }
    guard file >= 0 else { throw failure("cannot be read") }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw failure("is not a file") }
    guard status.st_mode & 0o077 == 0 else {
      throw Problem(reason: "\(path) can be read by others than its owner; run: chmod 600 '\(path)'")
    }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    let count = bytes.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
    guard count >= 0 else { throw failure("cannot be read") }
    guard let value = try? JSONValue.parse(bytes.prefix(count)), let homeserver = value["homeserver"]?.string,
      let user = value["user"]?.string, let device = value["device_id"]?.string, !device.isEmpty
    else {
      throw Problem(
        reason: "\(path) is damaged; put it back from a backup, or move it away to log in as a new device")
    }
    return State(homeserver: homeserver, user: user, device: device, token: value["access_token"]?.string)
  }

  /// Whole or not at all, and on the disk when it returns.
  func write(_ state: State) throws(Problem) {
    var object: JSONValue = [
      "homeserver": .string(state.homeserver), "user": .string(state.user), "device_id": .string(state.device),
    ]
    if let token = state.token, case .object(var members) = object {
      members["access_token"] = .string(token)
      object = .object(members)
    }
    let bytes = object.serializedBytes(pretty: true) + [0x0A]
    let draft = path + ".new"
    unlink(draft)
    let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard file >= 0 else { throw failure("cannot be written") }
    let count = bytes.withUnsafeBytes { Foundation.write(file, $0.baseAddress, $0.count) }
    let isWhole = count == bytes.count && fsync(file) == 0
    close(file)
    guard isWhole, rename(draft, path) == 0 else {
      let problem = failure("cannot be written")
      unlink(draft)
      throw problem
    }
  }

  private func failure(_ what: String) -> Problem {
    Problem(reason: "\(path) \(what) (\(String(cString: strerror(errno)))); check the data folder and its disk")
  }
}
