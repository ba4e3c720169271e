/// A JSON object that keeps its members in the order in which they were put in.
///
/// Two objects with the same members are equal whatever the order, as RFC 8259 has it.
package struct JSONObject: Sendable {
  package typealias Member = (key: String, value: JSONValue)

  private var members: [Member] = []
  /// Key to place in `members`, kept once an object is large: a hostile one must not make every look-up a walk.
  private var places: [String: Int]?

  /// Up to here a walk is quicker than a dictionary.
  private static let walkable = 16

  package init() {}

  /// A key that is repeated keeps its first place and its last value.
  package init(_ members: some Sequence<(String, JSONValue)>) {
    for (key, value) in members { self[key] = value }
  }

  /// The member of that name. Setting nil takes it out; setting a new one puts it last.
  package subscript(key: String) -> JSONValue? {
    get { place(of: key).map { members[$0].value } }
    set {
      switch (place(of: key), newValue) {
      case (let place?, let value?): members[place].value = value
      case (let place?, nil): remove(at: place)
      case (nil, let value?): append((key, value))
      case (nil, nil): break
      }
    }
  }

  package subscript(key: String, default fallback: @autoclosure () -> JSONValue) -> JSONValue {
    self[key] ?? fallback()
  }

  package var keys: [String] { members.map(\.key) }

  private func place(of key: String) -> Int? {
    if let places { return places[key] }
    return members.firstIndex { $0.key == key }
  }

  private mutating func append(_ member: Member) {
    members.append(member)
    if places != nil {
      places?[member.key] = members.count - 1
    } else if members.count > Self.walkable {
      index()
    }
  }

  private mutating func remove(at place: Int) {
    members.remove(at: place)
    if places != nil { index() }
  }

  private mutating func index() {
    places = Dictionary(members.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

extension JSONObject: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { members.count }
  package subscript(position: Int) -> Member { members[position] }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) { self.init(elements) }
}

extension JSONObject: Hashable {
  package static func == (first: JSONObject, second: JSONObject) -> Bool {
    first.count == second.count && first.allSatisfy { second[$0.key] == $0.value }
  }

  package func hash(into hasher: inout Hasher) {
    var sum = 0
    for (key, value) in members {
      var member = Hasher()
      member.combine(key)
      member.combine(value)
      sum ^= member.finalize()
    }
    hasher.combine(count)
    hasher.combine(sum)
  }
}
