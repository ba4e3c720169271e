import Support

/// Reads one file of `intents/`.
struct IntentsFileReader {
  let settings: Settings
  let problems: ProblemLog

  static let keys = ["intents", "out_of_scope", "entities"]

  func read(_ file: SourceText, into catalogue: inout IntentCatalogue) {
    switch YAMLDocument(file: file.file, linesBefore: 0, problems: problems).read(file.text) {
    case .broken:
      catalogue.hasUnreadFiles = true
    case .empty:
      problems.warning(at: SourceLocation(file: file.file), "This file is empty.")
    case .node(let node):
      guard let map = YAMLMap(node, what: "a file of intents/", keys: Self.keys, problems) else {
        catalogue.hasUnreadFiles = true
        return
      }
      let intents = IntentReader(settings: settings, problems: problems)
      for item in map.list("intents") { intents.read(item, into: &catalogue) }
      catalogue.outOfScope += map.texts("out_of_scope").map { AuthoredLine($0.text.oneLine, at: $0.location) }
      for item in map.list("entities") { readEntity(item, into: &catalogue) }
    }
  }

  private func readEntity(_ node: YAMLNode, into catalogue: inout IntentCatalogue) {
    guard let map = YAMLMap(node, what: "an entity", keys: ["name", "values"], problems) else { return }
    let values = readValues(map)
    guard let name = map.requiredText("name") else { return }
    guard Identifier.isName(name.text) else {
      problems.error(
        at: name.location, "The entity '\(name.text.clipped)' must be named with letters, digits, '-' and '_'.")
      return
    }
    if EntityKind.builtIn[name.text] != nil {
      problems.error(at: name.location, "The entity '\(name.text)' is built in; give the list another name.")
    } else if let first = catalogue.entities.first(where: { $0.list.name == name.text }) {
      problems.error(
        at: name.location, "The entity '\(name.text)' is defined twice; the first is at \(first.location).")
    } else {
      catalogue.entities.append(
        IntentCatalogue.Entity(list: EntityList(name: name.text, values: values), location: name.location))
    }
  }

  private func readValues(_ map: YAMLMap) -> [String: [String]] {
    guard map.holds("values") else {
      map.reportMissing("values", " Write a map such as {gold: [gold, oro]}.")
      return [:]
    }
    var values: [String: [String]] = [:]
    var meanings: [String: (value: String, location: SourceLocation)] = [:]
    for pair in map.pairs("values", of: "values and the words for each") {
      guard case .list(let items) = pair.value.content else {
        problems.error(
          at: pair.value.location,
          "The words for '\(pair.key.clipped)' must be a list such as [gold, oro]; found \(pair.value.kind).")
        continue
      }
      let words = items.compactMap { YAMLMap.text(of: $0, "a word for '\(pair.key.clipped)'", problems) }
      if pair.key.isEmpty {
        problems.error(at: pair.keyLocation, "A value has no name.")
      } else if items.isEmpty {
        problems.warning(at: pair.keyLocation, "The value '\(pair.key.clipped)' has no words for it.")
      }
      for word in words {
        if let other = meanings[word.text.lowercased()], other.value != pair.key {
          problems.warning(
            at: word.location,
            "'\(word.text.clipped)' stands for '\(other.value.clipped)' as well, at \(other.location).")
        } else {
          meanings[word.text.lowercased()] = (pair.key, word.location)
        }
      }
      values[pair.key] = words.map(\.text)
    }
    return values
  }
}

extension String {
  /// Line breaks and the blanks around them become one blank: an example is one line, however it was written.
  var oneLine: String {
    // Most texts are ASCII in one line, which their bytes tell.
    if utf8.allSatisfy({ (0x20..<0x80).contains($0) }) { return self }
    guard contains(where: \.isNewline) else { return self }
    return split(whereSeparator: \.isNewline)
      .map { $0.trimmingPrefix(while: \.isWhitespace) }
      .map { String($0.reversed().drop(while: \.isWhitespace).reversed()) }
      .filter { !$0.isEmpty }
      .joined(separator: " ")
  }
}
