package import Support

extension ChannelDraft {
  private static let file = "greenroom.yml"

  /// Reads the draft as `greenroom.yml` would be read.
  /// - Returns: the settings, nil where there are problems that stand in their way; and all problems, errors only.
  package func read() -> (settings: ChannelSettings?, problems: [ChannelDraftProblem]) {
    let lines = lines(indentedBy: 0)
    let text = (["channels:"] + lines.map(\.text)).joined(separator: "\n") + "\n"
    let log = ProblemLog()
    var found: [ChannelDraftProblem] = []
    if !Self.isPrudent(name) {
      found.append(
        ChannelDraftProblem(
          key: "name",
          message: "The name must begin with a letter or digit, and have letters, digits, '-' and '_', at most 64."))
    }
    guard let file = SourceText(bytes: Array(text.utf8), file: Self.file, log) else {
      return (nil, found + log.problems.map { ChannelDraftProblem(key: nil, message: $0.message) })
    }
    let settings = SettingsReader(problems: log).read(file)
    for problem in log.sorted where problem.severity == .error {
      let place = problem.location.line - 2
      // The item itself begins behind the dash of the first line.
      let isWhole = place == 0 && problem.location.column <= 3
      let key = isWhole || !lines.indices.contains(place) ? nil : lines[place].key
      found.append(ChannelDraftProblem(key: key, message: problem.message))
    }
    return (found.isEmpty ? settings.channels.first : nil, found)
  }

  /// A file of the data folder is named after it.
  private static func isPrudent(_ name: String) -> Bool {
    name.count <= 64 && name.utf8.count <= 128 && name.first.map { $0.isLetter || $0.isNumber } == true
      && Identifier.isName(name)
  }
}
