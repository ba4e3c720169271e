import Support

/// The phrases of a workspace while its files are read.
struct PhraseCatalogue {
  private var files: [PhrasesReader.File] = []

  var phrases: [Phrases] { files.map(\.phrases) }

  /// Adds a file; a language that is there already is an error.
  mutating func add(_ file: PhrasesReader.File, _ problems: ProblemLog) {
    if let first = files.first(where: { $0.phrases.language == file.phrases.language }) {
      problems.error(
        at: file.location,
        "There are two files for the language '\(file.phrases.language)'; the first is at \(first.location).")
      return
    }
    files.append(file)
    warnOfGaps(in: file, problems)
  }

  /// A language that does not come with the program has to bring all it wants to say itself.
  private func warnOfGaps(in file: PhrasesReader.File, _ problems: ProblemLog) {
    guard !ShippedPhrases.all.contains(where: { $0.language == file.phrases.language }) else { return }
    let missing = Phrases.Saying.allCases.filter { file.phrases.say[$0] == nil }.map(\.rawValue)
    guard let first = missing.first else { return }
    let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
    problems.warning(
      at: file.location,
      "'\(first)'\(more) is not there in '\(file.phrases.language)': the workspace's own language is used instead.")
  }
}
