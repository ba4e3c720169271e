import Support

/// Reads the slots of an intent.
struct SlotReader {
  let problems: ProblemLog

  func read(_ map: YAMLMap, into catalogue: inout IntentCatalogue) -> [Slot] {
    var names: [String: SourceLocation] = [:]
    var slots: [Slot] = []
    for item in map.list("slots") {
      let keys = ["name", "entity", "ask", "required"]
      guard let below = YAMLMap(item, what: "a slot", keys: keys, problems) else { continue }
      let name = below.requiredText("name")
      let entity = below.requiredText("entity", " Write text if anything will do.")
      let ask = below.requiredText("ask", " It is what the bot says to ask for it.")
      // A slot says how to ask for it, so it is meant to be asked for unless the author says otherwise.
      let required = below.bool("required") ?? true
      if let name {
        if !Identifier.isName(name.text) {
          problems.error(
            at: name.location, "The slot '\(name.text.clipped)' must be named with letters, digits, '-' and '_'.")
        } else if let first = names[name.text] {
          problems.error(
            at: name.location, "This intent has two slots '\(name.text)'; the first is at line \(first.line).")
        } else {
          names[name.text] = name.location
        }
      }
      guard let name, let entity, let ask else { continue }
      if EntityKind.builtIn[entity.text] == nil {
        catalogue.entityReferences.append(.init(name: entity.text, location: entity.location))
      }
      slots.append(
        Slot(
          name: name.text, entity: EntityKind.builtIn[entity.text] ?? .list(entity.text), ask: ask.text,
          required: required))
    }
    return slots
  }
}
