package import Foundation
package import Support

/// Reads `dialogues/**/*.yml`.
package struct DialogueReader {
  private let folder: WorkspaceFolder

  package init(folder: URL) {
    self.folder = WorkspaceFolder(path: folder.path)
  }

  /// Every dialogue that can be used, in the order of files and lines, and every problem.
  /// - Parameter content: the workspace; intents and articles that it does not have are errors then.
  package func read(against content: WorkspaceContent? = nil) -> (dialogues: [Dialogue], problems: [Problem]) {
    let problems = ProblemLog()
    var dialogues: [Dialogue] = []
    var names: [String: SourceLocation] = [:]
    let steps = DialogueStepReader(content: content, problems: problems)
    for entry in folder.entries(of: .dialogues, problems) {
      guard let file = SourceText(entry, in: folder, problems) else { continue }
      switch YAMLDocument(file: file.file, linesBefore: 0, problems: problems).read(file.text) {
      case .broken: continue
      case .empty: problems.warning(at: SourceLocation(file: file.file), "This file is empty.")
      case .node(let node):
        guard let map = YAMLMap(node, what: "a file of dialogues/", keys: ["dialogues"], problems) else { continue }
        for item in map.list("dialogues") {
          if let dialogue = read(item, steps, names: &names, problems) { dialogues.append(dialogue) }
        }
      }
    }
    return (dialogues, problems.sorted)
  }

  private func read(
    _ node: YAMLNode, _ steps: DialogueStepReader, names: inout [String: SourceLocation], _ problems: ProblemLog
  ) -> Dialogue? {
    let keys = ["name", "language", "region", "at", "steps"]
    guard let map = YAMLMap(node, what: "a dialogue", keys: keys, problems) else { return nil }
    let name = map.requiredText("name")
    if let name {
      if let first = names[name.text] {
        problems.error(
          at: name.location, "Two dialogues are called '\(name.text.clipped)'; the first is at \(first).")
      } else {
        names[name.text] = name.location
      }
    }
    let language = map.language("language")
    let region = map.text("region")?.text
    let start = readStart(map, problems) ?? Dialogue.defaultStart
    let read = map.list("steps").compactMap(steps.read)
    if !map.holds("steps") {
      map.reportMissing("steps", " A dialogue is a list of steps such as '- agency: my payout is late'.")
    } else if let list = map.entryQuietly("steps"), case .list(let items) = list.content, items.isEmpty {
      problems.error(at: list.location, "This dialogue has no steps.")
    }
    guard let name else { return nil }
    return Dialogue(
      name: name.text, language: language, region: region, at: start, steps: read, location: name.location)
  }

  private func readStart(_ map: YAMLMap, _ problems: ProblemLog) -> Date? {
    guard let line = map.text("at") else { return nil }
    // The formatter would take 31 February for a day in March.
    if CalendarDay(line.text.prefix(10)) != nil, let date = try? Date.ISO8601FormatStyle().parse(line.text) {
      return date
    }
    problems.error(
      at: line.location, "'at' must be a moment such as 2026-11-23T10:00:00Z; found '\(line.text.clipped)'.")
    return nil
  }
}
