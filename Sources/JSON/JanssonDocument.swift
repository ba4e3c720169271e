import CJansson

/// A document as jansson holds it. It owns the root, and with it everything below.
struct JanssonDocument: ~Copyable {
  private let root: UnsafeMutablePointer<json_t>

  /// The bytes are lent for the call and not kept.
  init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
    guard let start = bytes.baseAddress, !bytes.isEmpty else {
      throw JSONError(code: .empty, line: 0, column: 0, offset: 0, message: "there is no document: the text is empty")
    }
    var failure = json_error_t()
    let flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_ANY
    let loaded = start.withMemoryRebound(to: CChar.self, capacity: bytes.count) {
      json_loadb($0, bytes.count, Int(flags), &failure)
    }
    guard let loaded else { throw JSONError(failure, in: bytes) }
    root = loaded
  }

  deinit { json_decref(root) }

  /// A copy in Swift's own memory.
  func value(maximumDepth: Int) throws(JSONError) -> JSONValue {
    try Self.value(of: root, depth: maximumDepth)
  }

  private static func value(of node: UnsafeMutablePointer<json_t>, depth: Int) throws(JSONError) -> JSONValue {
    switch node.pointee.type {
    case JSON_TRUE: return .bool(true)
    case JSON_FALSE: return .bool(false)
    case JSON_INTEGER: return .integer(Int(json_integer_value(node)))
    case JSON_REAL: return .number(json_real_value(node))
    case JSON_STRING: return .string(text(json_string_value(node), length: json_string_length(node)))
    case JSON_ARRAY: return .array(try elements(of: node, depth: depth))
    case JSON_OBJECT: return .object(try members(of: node, depth: depth))
    default: return .null
    }
  }

  private static func elements(of node: UnsafeMutablePointer<json_t>, depth: Int) throws(JSONError) -> [JSONValue] {
    guard depth > 0 else { throw .tooDeep }
    var elements: [JSONValue] = []
    let count = json_array_size(node)
    elements.reserveCapacity(count)
    for place in 0..<count {
      guard let element = json_array_get(node, place) else { continue }
      elements.append(try value(of: element, depth: depth - 1))
    }
    return elements
  }

  private static func members(of node: UnsafeMutablePointer<json_t>, depth: Int) throws(JSONError) -> JSONObject {
    guard depth > 0 else { throw .tooDeep }
    var object = JSONObject()
    var place = json_object_iter(node)
    while let member = place {
      if let value = json_object_iter_value(member) {
        let key = text(json_object_iter_key(member), length: json_object_iter_key_len(member))
        // jansson compares names byte by byte, Swift by what they look like.
        guard object[key] == nil else { throw .duplicateKey }
        object[key] = try Self.value(of: value, depth: depth - 1)
      }
      place = json_object_iter_next(node, member)
    }
    return object
  }

  private static func text(_ start: UnsafePointer<CChar>?, length: Int) -> String {
    guard let start else { return "" }
    return start.withMemoryRebound(to: UInt8.self, capacity: length) {
      String(decoding: UnsafeBufferPointer(start: $0, count: length), as: UTF8.self)
    }
  }
}
