import Foundation
import JSON
import Matching
import Support

/// One JSON object a line for each question of an evaluation, with what was decided.
struct ScoreFile {
  private let handle: FileHandle

  init(path: String) throws {
    guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path)
    else {
      throw Failure("The scores cannot be written to \(path): check that the folder is there and can be written.")
    }
    self.handle = handle
  }

  func write(_ question: LabelledQuestion, _ decision: Decision) throws {
    let line: JSONValue = [
      "text": .string(question.text), "expect": Self.json(question.expectation),
      "decision": .string(decision.kind.rawValue),
      "matched": decision.matched.map { .string($0.description) } ?? .null,
      "confidence": .number(decision.confidence),
      "candidates": .array(
        decision.candidates.map { ["id": .string($0.id.description), "confidence": .number($0.confidence)] }),
    ]
    try handle.write(contentsOf: Data((line.serialized() + "\n").utf8))
  }

  private static func json(_ expectation: LabelledQuestion.Expectation) -> JSONValue {
    switch expectation {
    case .none: "none"
    case .any(let ids) where ids.count == 1: .string(ids[0].description)
    case .any(let ids): ["any": .array(ids.map { .string($0.description) })]
    case .all(let ids): .array(ids.map { .string($0.description) })
    }
  }
}
