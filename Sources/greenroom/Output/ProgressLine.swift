import Foundation

/// What goes on while something takes long: one line that is written over on a terminal, a line at each step elsewhere.
/// On standard error, so that results can be piped.
final class ProgressLine {
  private let isTerminal: Bool
  private var last = ""
  private var lastStep = ""

  init() {
    isTerminal = isatty(STDERR_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// - Parameters:
  ///   - step: what is done now; off a terminal each is said once, and again at every quarter.
  ///   - share: 0…1; nil where it is not known.
  func show(_ step: String, share: Double? = nil, detail: String = "") {
    let percent = share.map { Int(($0 * 100).rounded(.down)) }
    if isTerminal {
      let text = [step, percent.map { "\($0) %" }, detail.isEmpty ? nil : detail].compactMap { $0 }.joined(
        separator: "  ")
      guard text != last else { return }
      last = text
      // Back to the start of the line, and what was there is wiped.
      FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
    } else {
      let mark = percent.map { "\(step) \($0 / 25 * 25) %" } ?? step
      guard mark != lastStep else { return }
      lastStep = mark
      Terminal.note(mark)
    }
  }

  /// Leaves nothing of the line on a terminal.
  func clear() {
    if isTerminal && !last.isEmpty { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) }
    (last, lastStep) = ("", "")
  }
}
