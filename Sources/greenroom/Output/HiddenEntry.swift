import Channels
import Foundation

/// Something that is typed or pasted without being shown. The terminal is as it was when this is gone.
final class HiddenEntry {
  private var before = termios()

  /// In bytes; longer than any secret.
  private static let longest = 64 << 10

  /// - Returns: nil where standard input is no terminal.
  init?() {
    guard tcgetattr(STDIN_FILENO, &before) == 0 else { return nil }
    var silent = before
    // Keys that would end the program are read like all others, so that it never ends with the terminal silent.
    silent.c_lflag &= ~tcflag_t(ECHO | ECHONL | ICANON | ISIG)
    silent.c_iflag &= ~tcflag_t(IXON)
    silent.c_iflag |= tcflag_t(ICRNL)
    // What was typed ahead is not thrown away.
    guard tcsetattr(STDIN_FILENO, TCSADRAIN, &silent) == 0 else { return nil }
  }

  deinit { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }

  /// One line.
  /// - Throws: `SetUpAbandoned` at Ctrl-C, Ctrl-D in an empty line, and the end of the terminal.
  func read() throws(SetUpAbandoned) -> Secret {
    var bytes: [UInt8] = []
    while true {
      var byte: UInt8 = 0
      let count = Foundation.read(STDIN_FILENO, &byte, 1)
      if count < 0, errno == EINTR { continue }
      guard count == 1 else { throw SetUpAbandoned() }
      switch byte {
      case 0x0A, 0x0D: return Secret(bytes)
      case 0x03, 0x1C: throw SetUpAbandoned()
      case 0x04:
        guard !bytes.isEmpty else { throw SetUpAbandoned() }
        return Secret(bytes)
      case 0x08, 0x7F:
        // A whole character, whose later bytes in UTF-8 begin with 10.
        while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
      case 0x15: bytes = []
      case ..<0x20: break
      default: if bytes.count < Self.longest { bytes.append(byte) }
      }
    }
  }
}
