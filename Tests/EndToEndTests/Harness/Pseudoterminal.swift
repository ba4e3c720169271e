import Foundation
import Testing

/// A terminal that a program can be started on, with somebody who types and looks.
final class Pseudoterminal: Sendable {
  /// All that was ever shown.
  let screen = Watched("")
  /// The program's side.
  let handle: FileHandle
  private let own: CInt

  init() throws {
    let own = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(own >= 0)
    // What grantpt, unlockpt and ptsname do; Swift's Glibc does not offer them. TIOCSPTLCK and TIOCGPTN of ioctl_tty(2).
    var lock: CInt = 0
    var number: CInt = -1
    try #require(ioctl(own, 0x4004_5431, &lock) == 0 && ioctl(own, 0x8004_5430, &number) == 0)
    let other = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(other >= 0)
    handle = FileHandle(fileDescriptor: other, closeOnDealloc: true)
    self.own = own
    DispatchQueue(label: "screen").async { [screen] in
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      var rest: [UInt8] = []
      while true {
        let count = read(own, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return }
        rest += buffer.prefix(count)
        // A character may come in two pieces.
        let end = rest.lastIndex { $0 & 0xC0 != 0x80 } ?? 0
        let isWhole = rest[end] < 0x80 || rest.count - end == (rest[end] < 0xE0 ? 2 : rest[end] < 0xF0 ? 3 : 4)
        let text = String(decoding: isWhole ? rest[...] : rest[..<end], as: UTF8.self)
        rest = isWhole ? [] : Array(rest[end...])
        screen.update { $0 += text }
      }
    }
  }

  deinit { close(own) }

  func type(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { write(own, $0.baseAddress, $0.count) }
  }

  /// Whether what is typed is shown.
  var echoes: Bool {
    var settings = termios()
    return tcgetattr(own, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
  }

  /// Waits for each prompt in turn, and answers it.
  func answer(
    _ dialogue: [(prompt: String, line: String)], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    var seen = 0
    for (prompt, line) in dialogue {
      let isThere = await screen.wait(within: .seconds(30)) { [seen] screen in
        screen.utf8.dropFirst(seen).contains(sequence: prompt.utf8)
      }
      try #require(
        isThere, "no '\(prompt)' in: \(String(decoding: Array(screen.value.utf8).dropFirst(seen), as: UTF8.self))",
        sourceLocation: sourceLocation)
      seen = screen.value.utf8.count
      type(line + "\n")
    }
  }
}

extension Sequence where Element == UInt8 {
  func contains(sequence: some Collection<UInt8>) -> Bool {
    String(decoding: Array(self), as: UTF8.self).contains(String(decoding: Array(sequence), as: UTF8.self))
  }
}
