import Foundation
import JSON
import TestSupport

/// What a vendor's published description says of the calls that an adapter makes: paths, methods, names of parameters, which
/// of them are required, their kinds and bounds; and of what comes back, the names. Kept in Fixtures, with the source named.
struct VendorContract: Sendable {
  static let telegram = Result { try VendorContract("telegram") }
  static let discord = Result { try VendorContract("discord") }

  private let calls: [JSONValue]
  private let types: JSONObject
  private let answers: JSONObject

  struct Damaged: Error {}

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let file = folder.appending(path: "Fixtures/\(name).json")
    let value = try JSONValue.parse(Array(Data(contentsOf: file)))
    guard let calls = value["calls"]?.array, let types = value["types"]?.object, let answers = value["answers"]?.object,
      !calls.isEmpty
    else { throw Damaged() }
    self.calls = calls
    self.types = types
    self.answers = answers
  }

  // MARK: Requests

  /// Everything in a request that the vendor does not know or that is missing.
  /// - Parameter path: of the request, without what all paths begin with.
  func problems(with request: RecordedRequest, path: String) -> [String] {
    let name = "\(request.method) \(path)"
    let fitting = calls.filter { Self.fits(path, $0["path"]?.string ?? "") }
    guard !fitting.isEmpty else { return ["\(name): no such path"] }
    guard let call = fitting.first(where: { $0["method"]?.string == request.method }) else {
      return ["\(name): wrong method"]
    }
    var problems = query(request.query, call["query"]?.object ?? [:], name)
    guard let type = call["body"]?.string else {
      let isEmpty = request.body.isEmpty || (try? JSONValue.parse(request.body))?.object?.isEmpty == true
      return problems + (isEmpty ? [] : ["\(name): a body where there is none"])
    }
    guard request.header("content-type") == "application/json" else { return problems + ["\(name): not sent as JSON"] }
    guard let body = try? JSONValue.parse(request.body) else { return problems + ["\(name): a body that is no JSON"] }
    problems += members(body, type, name)
    return problems
  }

  private static func fits(_ path: String, _ pattern: String) -> Bool {
    let parts = path.split(separator: "/")
    let expected = pattern.split(separator: "/")
    guard parts.count == expected.count else { return false }
    return zip(parts, expected).allSatisfy { part, name in
      guard name.hasPrefix("{") else { return part == name }
      return name == "{emoji_name}" ? part.hasPrefix("%") : isSnowflake(String(part))
    }
  }

  private static func isSnowflake(_ text: String) -> Bool { UInt64(text) != nil && text.count <= 20 }

  private func query(_ found: [String: String], _ known: JSONObject, _ place: String) -> [String] {
    var problems: [String] = []
    for (name, value) in found.sorted(by: { $0.key < $1.key }) {
      guard let field = known[name] else {
        problems.append("\(place): unknown parameter \(name)")
        continue
      }
      let kinds = Set((field["kinds"]?.array ?? []).compactMap(\.string))
      let read: JSONValue =
        kinds.contains("integer") ? Int(value).map { .integer($0) } ?? .string(value) : .string(value)
      problems += self.value(read, field, "\(place) \(name)")
    }
    for (name, field) in known where field["required"] == true && found[name] == nil {
      problems.append("\(place): missing \(name)")
    }
    return problems
  }

  private func members(_ value: JSONValue, _ type: String, _ place: String) -> [String] {
    guard let object = value.object else { return ["\(place): not an object"] }
    guard let known = types[type]?.object else { return ["\(place): no type \(type) in the fixture"] }
    var problems: [String] = []
    for (name, value) in object {
      guard let field = known[name] else {
        problems.append("\(place): unknown parameter \(name)")
        continue
      }
      problems += self.value(value, field, "\(place) \(name)")
    }
    for (name, field) in known where field["required"] == true && object[name] == nil {
      problems.append("\(place): missing \(name)")
    }
    return problems
  }

  private func value(_ value: JSONValue, _ field: JSONValue, _ place: String) -> [String] {
    if let words = field["one_of"]?.array { return words.contains(value) ? [] : ["\(place): none of the words known"] }
    let kinds = Set((field["kinds"]?.array ?? []).compactMap(\.string))
    guard !kinds.isDisjoint(with: Self.kinds(of: value)) else { return ["\(place): of the wrong kind"] }
    var problems: [String] = []
    if let size = Self.size(of: value) {
      if let most = field["most"]?.int, size > most { problems.append("\(place): more than \(most)") }
      if let least = field["least"]?.int, size < least { problems.append("\(place): less than \(least)") }
    }
    if let most = field["most_bytes"]?.int, (value.string?.utf8.count ?? 0) > most {
      problems.append("\(place): more than \(most) bytes")
    }
    if let type = field["of"]?.string, value.object != nil { problems += members(value, type, place) }
    if let type = field["each"]?.string {
      for element in value.array ?? [value] { problems += self.element(element, type, place) }
    }
    return problems
  }

  private func element(_ value: JSONValue, _ type: String, _ place: String) -> [String] {
    guard let known = types[type] else { return ["\(place): no type \(type) in the fixture"] }
    let isValue = known["one_of"] != nil || known["kinds"]?.array != nil
    return isValue ? self.value(value, known, place) : members(value, type, place)
  }

  private static func kinds(of value: JSONValue) -> Set<String> {
    switch value {
    case .null: ["null"]
    case .bool: ["boolean"]
    case .integer: ["integer", "number"]
    case .number: ["number"]
    case .string(let text): isSnowflake(text) ? ["string", "snowflake"] : ["string"]
    case .array: ["array"]
    case .object: ["object"]
    }
  }

  /// Of a text the length in UTF-16 code units, of a list the count.
  private static func size(of value: JSONValue) -> Int? {
    switch value {
    case .string(let text): text.utf16.count
    case .array(let list): list.count
    case .integer(let number): number
    default: nil
    }
  }

  // MARK: Answers

  /// Everything in an answer that the vendor would not say or would say besides: what a server in memory makes up must not be
  /// what an adapter is tested with.
  func problems(withAnswer value: JSONValue, _ type: String) -> [String] {
    guard let object = value.object else { return ["\(type): not an object"] }
    let names = Set((answers[type]?["names"]?.array ?? []).compactMap(\.string))
    let required = (answers[type]?["required"]?.array ?? []).compactMap(\.string)
    guard !names.isEmpty else { return ["no answer \(type) in the fixture"] }
    return object.filter { !names.contains($0.key) }.map { "\(type): made up: \($0.key)" }
      + required.filter { object[$0] == nil }.map { "\(type): missing: \($0)" }
  }
}
