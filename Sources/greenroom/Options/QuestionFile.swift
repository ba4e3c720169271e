import Foundation
import JSON
import Matching
import Support

/// Questions as JSON Lines: `text`, and optionally `expect`, `language`, `region`, `kind`.
enum QuestionFile {
  /// Every line of the file, in order; blank lines are passed over.
  /// - Throws: `Failure` that lists every line that is wrong, so that none is skipped in silence.
  static func read(_ path: String) throws -> [LabelledQuestion] {
    let data: Data
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw Failure("\(path) is a folder: name a file of questions, one JSON object a line.")
    }
    do {
      // Read to the end rather than by its size: what a shell gives as <(…) is a pipe.
      let file = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
      data = try file.readToEnd() ?? Data()
    } catch {
      throw Failure("The questions in \(path) cannot be read: \(error.localizedDescription)")
    }
    var questions: [LabelledQuestion] = []
    var wrong: [String] = []
    var bytes = [UInt8](data)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    for (number, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
      do {
        questions.append(try question(JSONValue.parse(Array(line))))
      } catch let error as JSONError {
        wrong.append("\(path):\(number + 1):\(error.column): \(error.message)")
      } catch {
        wrong.append("\(path):\(number + 1):1: \(error)")
      }
    }
    guard wrong.isEmpty else {
      let more = wrong.count > 20 ? "\n… and \(wrong.count - 20) more." : ""
      throw Failure(wrong.prefix(20).joined(separator: "\n") + more)
    }
    return questions
  }

  private static func question(_ value: JSONValue) throws -> LabelledQuestion {
    guard value.object != nil else { throw Failure("A line must be a JSON object with a \"text\".") }
    guard let text = value["text"]?.string else { throw Failure("\"text\" is missing or is not a string.") }
    func optional(_ key: String) throws -> String? {
      guard let field = value[key], field != .null else { return nil }
      guard let string = field.string else { throw Failure("\"\(key)\" must be a string.") }
      return string.isEmpty ? nil : string
    }
    return LabelledQuestion(
      text: text, expectation: try expectation(value["expect"]), language: try optional("language"),
      region: try optional("region"), kind: try optional("kind"))
  }

  private static func expectation(_ value: JSONValue?) throws -> LabelledQuestion.Expectation {
    guard let value, value != .null else { return .none }
    if let string = value.string { return string == "none" ? .none : .any([try id(string)]) }
    if let list = value.array {
      guard !list.isEmpty else {
        throw Failure("\"expect\" is an empty list; write \"none\" where nothing can answer.")
      }
      return .all(try list.map(id))
    }
    if let any = value["any"]?.array, !any.isEmpty { return .any(try any.map(id)) }
    throw Failure("\"expect\" must be an id, a list of ids, {\"any\": [ids]} or \"none\".")
  }

  private static func id(_ value: JSONValue) throws -> CandidateID {
    guard let string = value.string else { throw Failure("\"expect\" must hold ids such as \"article:payouts/late\".") }
    return try id(string)
  }

  private static func id(_ string: String) throws -> CandidateID {
    guard let id = CandidateID(string) else {
      throw Failure("\"\(string)\" is no id: write \"intent:…\", \"article:…\" or \"none\".")
    }
    return id
  }
}
