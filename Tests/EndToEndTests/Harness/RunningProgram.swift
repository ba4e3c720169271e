import Foundation
import Testing

/// One process of the program under test. Its output can be waited for; it is stopped by its own process number.
final class RunningProgram: Sendable {
  let output = Watched("")
  let errors = Watched("")
  /// nil while it runs; minus the signal where one ended it.
  let exitCode = Watched<Int32?>(nil)
  private let process: Process

  /// The program as `GREENROOM_PROGRAM` names it, else as a debug build leaves it.
  static func executable() throws -> URL {
    let named = ProcessInfo.processInfo.environment["GREENROOM_PROGRAM"].map { URL(filePath: $0) }
    let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let program = named ?? package.appending(path: ".build/debug/greenroom")
    guard FileManager.default.isExecutableFile(atPath: program.path(percentEncoded: false)) else {
      throw ProgramMissing(path: program.path(percentEncoded: false))
    }
    return program
  }

  struct ProgramMissing: Error, CustomStringConvertible {
    var path: String
    var description: String {
      "There is no program at \(path): build it with 'swift build', or name it in GREENROOM_PROGRAM."
    }
  }

  /// - Parameter environment: on top of one that holds nothing of Greenroom's.
  /// - Parameter input: what stands on its standard input.
  /// - Parameter shell: commands of sh that come before it in the same process.
  /// - Parameter terminal: where its standard output goes instead of to `output`.
  /// - Parameter keyboard: what its standard input is instead of `input`.
  init(
    _ arguments: [String], environment: [String: String] = [:], input: String? = nil, under shell: String? = nil,
    terminal: FileHandle? = nil, keyboard: FileHandle? = nil
  ) throws {
    let process = Process()
    let program = try Self.executable()
    if let shell {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments = ["-c", shell + "; exec \"$0\" \"$@\"", program.path(percentEncoded: false)] + arguments
    } else {
      process.executableURL = program
      process.arguments = arguments
    }
    let own = ProcessInfo.processInfo.environment
    process.environment = ["PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": own["HOME"] ?? "/", "LANG": "C.UTF-8"]
      .merging(environment) { _, new in new }
    self.process = process
    let ended = DispatchGroup()
    process.standardOutput = terminal ?? Self.pipe(into: output, ended) as Any
    process.standardError = Self.pipe(into: errors, ended)
    if let keyboard {
      process.standardInput = keyboard
    } else if let input {
      // A program that ends before it has read all of it ends no test.
      _ = Self.ignoresClosedPipes
      let pipe = Pipe()
      process.standardInput = pipe
      DispatchQueue.global().async {
        try? pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try? pipe.fileHandleForWriting.close()
      }
    } else {
      process.standardInput = FileHandle.nullDevice
    }
    process.terminationHandler = { [exitCode] process in
      let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
      // What it wrote last may still be on the way.
      ended.notify(queue: .global()) { exitCode.update { $0 = code } }
    }
    try process.run()
  }

  private static let ignoresClosedPipes: Void = { _ = Foundation.signal(SIGPIPE, SIG_IGN) }()

  private static func pipe(into text: Watched<String>, _ ended: DispatchGroup) -> Pipe {
    let pipe = Pipe()
    ended.enter()
    let handle = pipe.fileHandleForReading
    DispatchQueue(label: "output").async {
      // Whole lines, so that no character is cut in two.
      var rest = Data()
      while true {
        let data = handle.availableData
        rest += data
        let end = data.isEmpty ? rest.endIndex : rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 }
        if let end, end > rest.startIndex {
          let lines = String(decoding: rest[..<end], as: UTF8.self)
          rest = Data(rest[end...])
          text.update { $0 += lines }
        }
        if data.isEmpty { break }
      }
      ended.leave()
    }
    return pipe
  }

  /// No test leaves a process behind, however it ends.
  deinit { signal(SIGKILL) }

  var isRunning: Bool { exitCode.value == nil }

  func signal(_ number: Int32) {
    // Never a number that has been given to another process.
    if process.isRunning { kill(process.processIdentifier, number) }
  }

  /// Waits for its end.
  /// - Returns: the exit code; nil when the time was over, and it has been killed.
  func end(within limit: Duration = .seconds(60)) async -> Int32? {
    if await exitCode.wait(within: limit, until: { $0 != nil }) { return exitCode.value }
    signal(SIGKILL)
    _ = await exitCode.wait(within: .seconds(10)) { $0 != nil }
    return nil
  }

  /// Stops it as Ctrl-C does, and expects it to go in peace.
  func stop(sourceLocation: SourceLocation = #_sourceLocation) async {
    signal(SIGTERM)
    let code = await end(within: .seconds(30))
    #expect(code == 0, "the bot did not end well: \(errors.value)", sourceLocation: sourceLocation)
  }
}

/// What a command left behind.
struct Outcome: Sendable {
  var code: Int32?
  var output: String
  var errors: String

  var lines: [String] { output.split(separator: "\n").map(String.init) }
}

/// Runs a command to its end.
func greenroom(
  _ arguments: String..., environment: [String: String] = [:], input: String? = nil
) async throws -> Outcome {
  try await greenroom(array: arguments, environment: environment, input: input)
}

func greenroom(
  array arguments: [String], environment: [String: String] = [:], input: String? = nil
) async throws -> Outcome {
  let program = try RunningProgram(arguments, environment: environment, input: input)
  let code = await program.end()
  return Outcome(code: code, output: program.output.value, errors: program.errors.value)
}
