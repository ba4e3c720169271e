import Support
import Yams

/// Turns the nodes of Yams into ours: places, aliases and merge keys resolved, with a bound on how much that may give.
struct YAMLTreeBuilder {
  let document: YAMLDocument
  /// Keys that begin with it are repeated ones that have been reported.
  let strike: Unicode.Scalar
  /// Nodes that may still be made. A file without aliases never uses it up: each node takes a byte or more.
  var budget: Int

  private static let knownTags: Set<String> = [
    "", "!", "tag:yaml.org,2002:str", "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
    "tag:yaml.org,2002:null", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map", "tag:yaml.org,2002:timestamp",
  ]

  init(document: YAMLDocument, strike: Unicode.Scalar, budget: Int) {
    self.document = document
    self.strike = strike
    self.budget = budget
  }

  /// Nil and a problem when the tree cannot be used.
  mutating func build(_ node: Node, depth: Int) -> YAMLNode? {
    let location = place(of: node)
    budget -= 1
    guard budget > 0 else {
      return fail(at: location, "Aliases (*name) repeat so much that this file becomes too large; write it out.")
    }
    guard depth <= YAMLDocument.deepestNesting else {
      return fail(at: location, "Values are nested deeper than \(YAMLDocument.deepestNesting).")
    }
    let tag = writtenTag(of: node)
    guard Self.knownTags.contains(tag) else {
      return fail(at: location, "The YAML tag \(tag) is not known; write the value without it.")
    }
    switch node {
    case .scalar(let scalar):
      let isPlain = scalar.style == .plain && tag != "tag:yaml.org,2002:str"
      return YAMLNode(content: .scalar(scalar.string, isPlain: isPlain), location: location)
    case .sequence(let sequence):
      var items: [YAMLNode] = []
      for item in sequence {
        guard let built = build(item, depth: depth + 1) else { return nil }
        items.append(built)
      }
      return YAMLNode(content: .list(items), location: location)
    case .mapping(let mapping):
      return build(mapping, at: location, depth: depth)
    case .alias:
      return fail(at: location, "This alias (*name) cannot be resolved; write the value out.")
    }
  }

  private mutating func build(_ mapping: Node.Mapping, at location: SourceLocation, depth: Int) -> YAMLNode? {
    var entries: [YAMLEntry] = []
    var merged: [YAMLEntry] = []
    for (key, value) in mapping {
      guard case .scalar(let name) = key else {
        return fail(at: place(of: key), "A key must be plain text, not a list or a map.")
      }
      guard let built = build(value, depth: depth + 1) else { return nil }
      if name.string.unicodeScalars.first == strike { continue }
      if name.string == "<<", name.style == .plain {
        guard let base = mergedEntries(of: built) else {
          return fail(at: place(of: key), "<< takes a map, or a list of maps, to merge in.")
        }
        merged += base
      } else {
        entries.append(YAMLEntry(key: name.string, keyLocation: place(of: key), value: built))
      }
    }
    // What is written in the map itself wins, then the first of those merged in.
    var seen = Set(entries.map(\.key))
    for entry in merged where seen.insert(entry.key).inserted { entries.append(entry) }
    return YAMLNode(content: .map(entries), location: location)
  }

  private func mergedEntries(of node: YAMLNode) -> [YAMLEntry]? {
    switch node.content {
    case .map(let entries): return entries
    case .list(let nodes):
      var all: [YAMLEntry] = []
      for node in nodes {
        guard case .map(let entries) = node.content else { return nil }
        all += entries
      }
      return all
    case .scalar: return nil
    }
  }

  /// Not `node.tag`: that resolves a missing tag, and every plain scalar would seem to be tagged as text.
  private func writtenTag(of node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.tag.rawValue
    case .sequence(let sequence): sequence.tag.rawValue
    case .mapping(let mapping): mapping.tag.rawValue
    case .alias(let alias): alias.tag.rawValue
    }
  }

  private func place(of node: Node) -> SourceLocation {
    document.location(node.mark?.line ?? 1, node.mark?.column ?? 1)
  }

  private func fail(at location: SourceLocation, _ message: String) -> YAMLNode? {
    document.problems.error(at: location, message)
    return nil
  }
}
