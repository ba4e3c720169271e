package import Foundation
package import Support

/// Reads and checks a workspace folder: `greenroom.yml`, `intents/`, `knowledge/` and `phrases/`. Never writes, never follows a link
/// out of the folder, and looks at nothing else in it.
package struct WorkspaceReader {
  private let folder: WorkspaceFolder
  private let settingsFile: URL?

  /// - Parameter folder: the workspace folder.
  /// - Parameter settingsFile: settings to use in the place of the folder's own `greenroom.yml`.
  package init(folder: URL, settingsFile: URL? = nil) {
    self.folder = WorkspaceFolder(path: folder.path)
    self.settingsFile = settingsFile
  }

  /// Reads everything anew.
  /// - Parameter day: articles to be reviewed by an earlier day are warned of; nil leaves these warnings out.
  package func read(asOf day: CalendarDay? = nil) -> WorkspaceReading {
    let problems = ProblemLog()
    guard folder.checkFolder(problems) else { return WorkspaceReading(content: nil, problems: problems.sorted) }
    var version = WorkspaceVersion()

    var settings = Settings()
    if let file = settingsText(problems) {
      version.add(file)
      settings = SettingsReader(problems: problems).read(file)
    }
    var intents = IntentCatalogue()
    for entry in folder.entries(of: .intents, problems) {
      guard let file = SourceText(entry, in: folder, problems) else {
        intents.hasUnreadFiles = true
        continue
      }
      version.add(file)
      IntentsFileReader(settings: settings, problems: problems).read(file, into: &intents)
    }
    var articles = ArticleCatalogue()
    for entry in folder.entries(of: .knowledge, problems) {
      guard let file = SourceText(entry, in: folder, problems) else {
        articles.unread.insert(ArticleReader.defaultID(of: entry.path))
        continue
      }
      version.add(file)
      ArticleReader(settings: settings, problems: problems).read(file, into: &articles)
    }
    let phrases = readPhrases(problems, &version)
    WorkspaceCheck(settings: settings, intents: intents, articles: articles, day: day, problems: problems).run()
    if intents.intents.isEmpty, articles.articles.isEmpty, !problems.hasErrors {
      problems.error(at: SourceLocation(file: "."), emptiness)
    }
    guard !problems.hasErrors else { return WorkspaceReading(content: nil, problems: problems.sorted) }
    let content = WorkspaceContent(
      settings: settings, intents: intents.intents, outOfScope: intents.outOfScope,
      entities: intents.entities.map(\.list), articles: articles.articles,
      phrases: ShippedPhrases.overridden(by: phrases), version: version.text)
    return WorkspaceReading(content: content, problems: problems.sorted)
  }

  /// The workspace's own phrases, in the order of files.
  private func readPhrases(_ problems: ProblemLog, _ version: inout WorkspaceVersion) -> [Phrases] {
    var phrases = PhraseCatalogue()
    for entry in folder.entries(of: .phrases, problems) {
      guard let file = SourceText(entry, in: folder, problems) else { continue }
      version.add(file)
      if let read = PhrasesReader(problems: problems).read(file) { phrases.add(read, problems) }
    }
    return phrases.phrases
  }

  private var emptiness: String {
    folder.has(.intents) || folder.has(.knowledge)
      ? "This workspace is empty: intents/ has no intents and knowledge/ no articles."
      : "This folder holds no workspace: it has neither intents/ nor knowledge/."
  }

  private func settingsText(_ problems: ProblemLog) -> SourceText? {
    guard let settingsFile else {
      return folder.settingsEntry(problems).flatMap { SourceText($0, in: folder, problems) }
    }
    let shown = settingsFile.relativePath
    guard let status = FileStatus(path: settingsFile.path, followingLinks: true), status.kind == .file else {
      problems.error(at: SourceLocation(file: shown), "There is no such settings file.")
      return nil
    }
    let beside = WorkspaceFolder(path: settingsFile.deletingLastPathComponent().path)
    let entry = WorkspaceFolder.Entry(path: settingsFile.lastPathComponent, status: status)
    var text = SourceText(entry, in: beside, problems)
    text?.file = shown
    return text
  }
}
