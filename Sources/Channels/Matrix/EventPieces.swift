import JSON
import Support

/// Reads an answer in which some event is no JSON that is taken here: nested too deep, a name twice, a number beyond all
/// bounds. Anyone in a room can send such a thing, and it must not keep all the others from being read.
struct EventPieces {
  /// Levels of `rooms`, `join`, the room, `timeline` and the answer itself.
  private static let deepestList = 5

  /// - Parameter setAside: is given what could not be read.
  /// - Returns: the answer with null for those; nil where it is not good JSON apart from them.
  static func read(_ body: [UInt8], setAside: inout [UnreadableMessage]) -> JSONValue? {
    var bad: [Range<Int>] = []
    var problems: [UnreadableMessage] = []
    for element in elements(in: body) {
      do throws(JSONError) {
        _ = try JSONValue.parse(body[element], maximumDepth: MatrixServer.depth - deepestList - 1)
      } catch {
        bad.append(element)
        problems.append(
          MessageReader.unreadable(id: nil, reason: "the event is not good JSON: \(error)", raw: body[element]))
      }
    }
    guard !bad.isEmpty else { return nil }
    var rest: [UInt8] = []
    rest.reserveCapacity(body.count)
    var place = 0
    for element in bad {
      rest += body[place..<element.lowerBound]
      rest += "null".utf8
      place = element.upperBound
    }
    rest += body[place...]
    guard let value = try? JSONValue.parse(rest, maximumDepth: MatrixServer.depth) else { return nil }
    setAside += problems
    return value
  }

  /// Where the elements of the lists named `events` and `chunk` stand. It looks at brackets and quotes only, takes each
  /// byte once and keeps no stack. What stands within an element is passed over, whatever it calls itself.
  private static func elements(in text: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var depth = 0
    var listDepth: Int?
    var start: Int?
    var lastString: Range<Int>?
    var place = 0
    while place < text.count {
      switch text[place] {
      case UInt8(ascii: "\""):
        let first = place
        place += 1
        while place < text.count, text[place] != UInt8(ascii: "\"") {
          place += text[place] == UInt8(ascii: "\\") ? 2 : 1
        }
        if listDepth == nil { lastString = first..<min(place + 1, text.count) }
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        if listDepth == nil, text[place] == UInt8(ascii: "["), depth <= deepestList,
          let name = lastString, isList(text[name])
        {
          listDepth = depth
        } else if let list = listDepth, depth == list + 1 {
          start = place
        }
        depth += 1
        lastString = nil
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        depth -= 1
        if let list = listDepth {
          if depth == list { listDepth = nil }
          if depth == list + 1, let first = start {
            found.append(first..<place + 1)
            start = nil
          }
        }
      case UInt8(ascii: ","): lastString = nil
      default: break
      }
      place += 1
    }
    return found
  }

  private static func isList(_ name: ArraySlice<UInt8>) -> Bool {
    name.elementsEqual("\"events\"".utf8) || name.elementsEqual("\"chunk\"".utf8)
  }
}
