import Foundation
package import Support

/// Puts one more channel into the text of a `greenroom.yml` whose every other byte stays as it is.
package struct SettingsAddition {
  /// Why that was not done.
  package enum Obstacle: Error, Sendable, Hashable {
    /// There is a channel of that name.
    case nameTaken(line: Int)
    /// The text is such that a person had better do it. Goes on from "greenroom.yml".
    case needsPerson(String)
  }

  package let draft: ChannelDraft

  package init(_ draft: ChannelDraft) { self.draft = draft }

  /// - Parameter bytes: of the file; empty where there is none.
  /// - Returns: those of the file with the channel in it.
  package func adding(to bytes: [UInt8]) throws(Obstacle) -> [UInt8] {
    let log = ProblemLog()
    guard let before = SourceText(bytes: bytes, file: "greenroom.yml", log) else {
      throw .needsPerson("cannot be read as text: \(log.problems.first?.message ?? "")")
    }
    var lines = TextLines(before.text)
    switch YAMLDocument(file: "greenroom.yml", linesBefore: 0, problems: log).read(before.text) {
    case .broken: throw .needsPerson("has errors, which 'greenroom check' names")
    case .empty:
      guard lines.isBlankOrComment else { throw .needsPerson("holds marks of YAML that this does not know") }
      append(to: &lines, margin: "")
    // A key that stands there twice is put up with by readers, and is no place to write to.
    case .node where log.hasErrors: throw .needsPerson("has errors, which 'greenroom check' names")
    case .node(let node): try add(to: &lines, below: node)
    }
    var after = lines.text
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { after = "\u{FEFF}" + after }
    let new = Array(after.utf8)
    try compare(new, with: before)
    return new
  }

  private func add(to lines: inout TextLines, below node: YAMLNode) throws(Obstacle) {
    guard case .map(let entries) = node.content, let first = entries.first else {
      throw .needsPerson("is not a map of settings")
    }
    guard lines.startsBlock(at: first.keyLocation), lines.documents == 1 else {
      throw .needsPerson("is written in braces, or holds several documents")
    }
    guard let place = entries.firstIndex(where: { $0.key == "channels" }) else {
      return append(to: &lines, margin: String(repeating: " ", count: first.keyLocation.column - 1))
    }
    let entry = entries[place]
    try checkName(entry.value)
    let end = entries[(place + 1)...].map(\.keyLocation.line).min() ?? lines.count + 1
    let key = entry.keyLocation
    switch entry.value.content {
    case .list(let items) where !items.isEmpty:
      guard let dash = lines.dash(of: items[0].location) else {
        throw .needsPerson("has its channels in brackets")
      }
      lines.insert(new(indentation: dash, lines), at: lines.end(of: key.line, before: end, inside: dash))
    case .list, .scalar:
      guard entry.value.isNull || isList(entry.value) else {
        throw .needsPerson("has 'channels' that are no list")
      }
      guard lines.empty(at: key.line, key: "channels") else {
        throw .needsPerson("has 'channels' written in a way that this does not know")
      }
      lines.insert(new(indentation: key.column + 1, lines), at: key.line)
    case .map: throw .needsPerson("has 'channels' that are no list")
    }
  }

  private func isList(_ node: YAMLNode) -> Bool {
    if case .list = node.content { true } else { false }
  }

  private func append(to lines: inout TextLines, margin: String) {
    lines.append([margin + "channels:"] + new(indentation: margin.count + 2, lines))
  }

  private func new(indentation: Int, _ lines: TextLines) -> [String] {
    draft.lines(indentedBy: indentation).map(\.text)
  }

  private func checkName(_ channels: YAMLNode) throws(Obstacle) {
    guard case .list(let items) = channels.content else { return }
    for item in items {
      guard case .map(let entries) = item.content,
        let name = entries.first(where: { $0.key == "name" })?.value,
        case .scalar(let text, _) = name.content, text == draft.name
      else { continue }
      throw .nameTaken(line: name.location.line)
    }
  }

  /// What is written is read again: all is as it was, and the channel is there.
  private func compare(_ new: [UInt8], with before: SourceText) throws(Obstacle) {
    let (oldLog, newLog) = (ProblemLog(), ProblemLog())
    let old = SettingsReader(problems: oldLog).read(before)
    guard let after = SourceText(bytes: new, file: before.file, newLog) else {
      throw .needsPerson("would not be text any more")
    }
    let changed = SettingsReader(problems: newLog).read(after)
    var rest = changed
    let wanted = draft.read().settings
    let added = rest.channels.popLast()
    func plain(_ settings: Settings) -> Settings {
      var settings = settings
      for place in settings.channels.indices { settings.channels[place].location = SourceLocation(file: "") }
      return settings
    }
    guard let added, let wanted, added.name == wanted.name, added.kind == wanted.kind, plain(rest) == plain(old),
      newLog.problems.count(where: { $0.severity == .error }) <= oldLog.problems.count(where: { $0.severity == .error })
    else { throw .needsPerson("is written in a way that this does not know") }
  }
}
