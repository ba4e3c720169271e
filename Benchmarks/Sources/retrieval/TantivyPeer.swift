import Foundation

/// How long a question took: by the clock, and the time that the processor was at it.
struct Nanoseconds {
  var wall: Double
  var processor: Double
}

/// tantivy behind its Python package, in a process of its own: a question a line, an answer a line.
final class TantivyPeer {
  struct About: Decodable {
    var seconds: Double
    var size: Int
    var documents: Int
    var segments: Int
    /// Kilobytes.
    var peak: Int
    var version: String
  }

  struct Hit: CustomStringConvertible {
    var document: UInt32
    var score: Float
    var description: String { "(\(document), \(score))" }
  }

  private let process = Process()
  private let questions = Pipe()
  private let answers = Pipe()
  private var pending: [UInt8] = []
  private(set) var about: About?

  init(python: String, script: String, articles: URL, folder: URL) throws {
    process.executableURL = URL(filePath: python)
    process.arguments = [script, articles.path, folder.appending(path: "tantivy").path]
    process.standardInput = questions
    process.standardOutput = answers
  }

  deinit {
    if process.isRunning { process.terminate() }
  }

  func start() throws {
    try process.run()
    about = try JSONDecoder().decode(About.self, from: try line())
  }

  func ask(_ question: String) throws -> (taken: Nanoseconds, hits: [Hit]) {
    struct Answer: Decodable {
      var ns: Double
      var busy: Double
      var hits: [[Double]]
    }
    try questions.fileHandleForWriting.write(contentsOf: Data("\(question)\n".utf8))
    let answer = try JSONDecoder().decode(Answer.self, from: try line())
    let taken = Nanoseconds(wall: answer.ns, processor: answer.busy)
    return (taken, answer.hits.map { Hit(document: UInt32($0[0]), score: Float($0[1])) })
  }

  /// Ends it; gives its resident kilobytes after the last question.
  func finish() throws -> Int {
    struct End: Decodable { var resident: Int }
    try questions.fileHandleForWriting.close()
    let end = try JSONDecoder().decode(End.self, from: try line())
    process.waitUntilExit()
    return end.resident
  }

  private func line() throws -> Data {
    while true {
      if let end = pending.firstIndex(of: 0x0A) {
        defer { pending.removeSubrange(...end) }
        return Data(pending[..<end])
      }
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw BenchmarkError("tantivy's process has ended: see its error above.") }
      pending += more
    }
  }
}
