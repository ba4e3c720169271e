import ArgumentParser
import Encoders
import Foundation
import JSON
import Support

/// Our side of the race: encodes the texts that the peer's script sends over a pipe, and says how long each took.
@main
struct EncoderTimer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "encoder", abstract: "Times the MiniLM encoder, text by text, as a peer asks it to.",
    discussion: """
      Reads one JSON object a line, {"texts": [...], "vectors": false}, and answers each with \
      {"nanoseconds": [...], "processor": [...]}, and the vectors where they are wanted. Run it through \
      Benchmarks/run encoder.
      """)

  @Option(help: "The data folder in which 'greenroom model install' left the encoder.")
  var data: String

  func run() throws {
    let encoder = try MiniLM(dataFolder: URL(filePath: data, directoryHint: .isDirectory))
    while let line = readLine() {
      let answer = try answer(JSONValue.parse(line), encoder)
      try FileHandle.standardOutput.write(contentsOf: Data((answer.serialized() + "\n").utf8))
    }
  }

  /// One call a text, as a chat sends them.
  private func answer(_ request: JSONValue, _ encoder: some SentenceEncoder) throws -> JSONValue {
    guard let texts = request["texts"]?.array?.map(\.string), !texts.contains(nil) else {
      throw ValidationError("A line is a JSON object with \"texts\", a list of strings.")
    }
    var times: [JSONValue] = []
    var processor: [JSONValue] = []
    var vectors: [JSONValue] = []
    let areVectorsWanted = request["vectors"]?.bool ?? false
    for text in texts.compactMap(\.self) {
      let used = Self.nanoseconds(CLOCK_PROCESS_CPUTIME_ID)
      let start = Self.nanoseconds(CLOCK_MONOTONIC)
      let vector = try encoder.encode([text])
      times.append(.integer(Self.nanoseconds(CLOCK_MONOTONIC) - start))
      processor.append(.integer(Self.nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - used))
      guard let vector = vector.first else { throw ValidationError("The encoder gave no vector.") }
      if areVectorsWanted { vectors.append(.array(vector.map { .number(Double($0)) })) }
    }
    return ["nanoseconds": .array(times), "processor": .array(processor), "vectors": .array(vectors)]
  }

  private static func nanoseconds(_ clock: clockid_t) -> Int {
    var time = timespec()
    clock_gettime(clock, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
