import Support

/// A map of the workspace, read key by key; what is wrong with it is noted as it is read.
struct YAMLMap {
  let location: SourceLocation
  /// For messages: "an intent", "a slot".
  let what: String
  let problems: ProblemLog
  private var entries: [String: YAMLEntry] = [:]

  /// Nil and a problem when the node is no map. Keys that are not among `keys` are errors.
  init?(_ node: YAMLNode, what: String, keys: [String], _ problems: ProblemLog) {
    guard case .map(let found) = node.content else {
      let known = keys.prefix(4).joined(separator: ", ")
      problems.error(
        at: node.location,
        "Here \(what) is expected, a map with keys such as \(known); found \(node.kind).")
      return nil
    }
    self.location = node.location
    self.what = what
    self.problems = problems
    for entry in found {
      guard keys.contains(entry.key) else {
        problems.error(
          at: entry.keyLocation,
          "The key '\(entry.key.clipped)' is not known in \(what).\(NearMiss.hint(entry.key, among: keys))")
        continue
      }
      entries[entry.key] = entry
    }
  }

  /// The entry, unless it is missing or null. An empty one is worth a warning: somebody meant to fill it.
  func entry(_ key: String) -> YAMLEntry? {
    guard let entry = entries[key] else { return nil }
    guard entry.value.isNull else { return entry }
    problems.warning(at: entry.keyLocation, "'\(key)' is empty: fill it or leave it out.")
    return nil
  }

  /// Whether the key is written, with whatever value.
  func has(_ key: String) -> Bool { entries[key] != nil }

  /// Whether the key is written with a value, be it a wrong one. Warns of nothing.
  func holds(_ key: String) -> Bool { entries[key].map { !$0.value.isNull } ?? false }

  /// The value, without a word about an empty one.
  func entryQuietly(_ key: String) -> YAMLNode? { holds(key) ? entries[key]?.value : nil }

  func keyLocation(_ key: String) -> SourceLocation? { entries[key]?.keyLocation }

  /// A map below `key`.
  func map(_ key: String, what: String, keys: [String]) -> YAMLMap? {
    entry(key).flatMap { YAMLMap($0.value, what: what, keys: keys, problems) }
  }

  /// The items of a list below `key`; empty when there is none.
  func list(_ key: String, hint: String = "") -> [YAMLNode] {
    guard let entry = entry(key) else { return [] }
    guard case .list(let items) = entry.value.content else {
      problems.error(at: entry.value.location, "'\(key)' must be a list; found \(entry.value.kind).\(hint)")
      return []
    }
    return items
  }

  /// All entries of a map below `key` whose keys are the author's own.
  func pairs(_ key: String, of what: String) -> [YAMLEntry] {
    guard let entry = entry(key) else { return [] }
    guard case .map(let pairs) = entry.value.content else {
      problems.error(at: entry.value.location, "'\(key)' must be a map of \(what); found \(entry.value.kind).")
      return []
    }
    return pairs
  }

  func reportMissing(_ key: String, _ advice: String = "") {
    // An empty one has been warned of; that it is needed is the error.
    problems.error(at: keyLocation(key) ?? location, "'\(key)' is missing in \(what).\(advice)")
  }
}

extension String {
  /// Short enough for a message, on one line.
  var clipped: String {
    let line = String(prefix(60).map { $0.isNewline ? " " : $0 })
    return count > 60 ? line + "…" : line
  }
}
