import Foundation
import Support
import Testing
import Workspace

@Suite("A folder is read safely, whatever is in it")
struct FolderTests {
  @Test func aFolderThatIsNotThereIsAnError() throws {
    let fixture = try WorkspaceFixture()
    let reading = WorkspaceReader(folder: fixture.folder.appending(path: "gone")).read()
    #expect(reading.content == nil && reading.problems.count == 1 && reading.problems[0].message.contains("no folder"))
  }

  @Test func aFileInThePlaceOfTheFolderIsAnError() throws {
    let fixture = try WorkspaceFixture(["a": "b"])
    let reading = WorkspaceReader(folder: fixture.folder.appending(path: "a")).read()
    #expect(reading.content == nil && reading.problems[0].message.contains("not a folder"))
  }

  @Test func aFolderWithoutEitherPartHoldsNoWorkspace() throws {
    let reading = try WorkspaceFixture(["README.md": "x", "greenroom.yml": "name: A\n"]).read()
    #expect(reading.content == nil && reading.problems[0].message.contains("holds no workspace"))
  }

  @Test func emptyPartsAreAnError() throws {
    let reading = try WorkspaceFixture(["intents/notes.txt": "x", "knowledge/notes.txt": "x"]).read()
    #expect(reading.content == nil && reading.problems[0].message.contains("empty"))
  }

  @Test func whatLiesBesideIsNotLookedAt() throws {
    let fixture = try WorkspaceFixture([
      "README.md": "no front matter", "Sources/a.yml": "\t", ".build/b.md": "x",
      "knowledge/a.md": WorkspaceFixture.article,
      "dialogues/broken.yml": "\t",
    ])
    #expect(fixture.read().problems.isEmpty)
  }

  @Test func hiddenFilesAndBackupsAreIgnored() throws {
    let fixture = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article, "knowledge/.a.md": "x", "knowledge/a.md~": "x",
      "knowledge/#a.md#": "x",
      "knowledge/.#b.md": "x", "knowledge/.a.md.swp": "x", "knowledge/.git/c.md": "x", "intents/.x.yml": "\t",
      "knowledge/picture.png": "x",
    ])
    let reading = fixture.read()
    #expect(reading.problems.isEmpty && reading.content?.articles.count == 1)
  }

  @Test func aNameWithAnotherEndingIsWarnedOf() throws {
    let reading = try WorkspaceFixture([
      "knowledge/a.md": WorkspaceFixture.article, "knowledge/b.markdown": "x", "knowledge/C.MD": "x",
      "intents/d.YML": "x",
    ]).read()
    #expect(
      reading.problems.places == [
        "warning intents/d.YML:1:1", "warning knowledge/C.MD:1:1", "warning knowledge/b.markdown:1:1",
      ])
  }

  @Test func aFolderNamedLikeAFileIsAFolder() throws {
    let reading = try WorkspaceFixture(["knowledge/x.md/a.md": WorkspaceFixture.article]).read()
    #expect(reading.content?.articles.map(\.id) == ["x.md/a"])
  }

  @Test func aFileInThePlaceOfAPartIsAnError() throws {
    let reading = try WorkspaceFixture(["knowledge": "x", "intents/a.yml": "intents: []"]).read()
    #expect(reading.problems.places == ["error knowledge:1:1"])
  }

  @Test func settingsThatAreAFolderAreAnError() throws {
    let reading = try WorkspaceFixture(["greenroom.yml/a": "x", "knowledge/a.md": WorkspaceFixture.article]).read()
    #expect(reading.problems.places == ["error greenroom.yml:1:1"])
  }

  @Test func aLinkOutOfTheFolderIsNotFollowed() throws {
    let outside = try WorkspaceFixture(["a.md": WorkspaceFixture.article])
    let fixture = try WorkspaceFixture(["knowledge/b.md": WorkspaceFixture.article])
    try fixture.link("knowledge/a.md", to: outside.folder.appending(path: "a.md").path)
    try fixture.link("knowledge/folder", to: outside.folder.path)
    try fixture.link("intents", to: outside.folder.path)
    try fixture.link("greenroom.yml", to: "/etc/passwd")
    let reading = fixture.read()
    #expect(
      reading.problems.places == [
        "error greenroom.yml:1:1", "error intents:1:1", "error knowledge/a.md:1:1", "error knowledge/folder:1:1",
      ])
    #expect(reading.problems.allSatisfy { $0.message.contains("leaves the workspace") })
  }

  @Test func aLinkIntoANeighbourOfTheSameBeginningIsNotFollowed() throws {
    let fixture = try WorkspaceFixture(["knowledge/b.md": WorkspaceFixture.article])
    let twin = URL(fileURLWithPath: fixture.folder.path + "-twin")
    try FileManager.default.createDirectory(at: twin, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: twin) }
    try Data(WorkspaceFixture.article.utf8).write(to: twin.appending(path: "a.md"))
    try fixture.link("knowledge/a.md", to: twin.appending(path: "a.md").path)
    #expect(fixture.read().problems.places == ["error knowledge/a.md:1:1"])
  }

  @Test func linksInsideTheFolderAreFollowed() throws {
    let fixture = try WorkspaceFixture([".data/knowledge/a.md": WorkspaceFixture.article])
    try fixture.link("knowledge", to: ".data/knowledge")
    try fixture.link(".data/knowledge/b.md", to: "a.md")
    let reading = fixture.read()
    #expect(reading.content?.articles.map(\.id) == ["a", "b"], "\(reading.problems.lines)")
  }

  @Test func linksThatGoRoundOrNowhereAreErrors() throws {
    let fixture = try WorkspaceFixture(["knowledge/b.md": WorkspaceFixture.article])
    try fixture.link("knowledge/round", to: "../knowledge")
    try fixture.link("knowledge/self.md", to: "self.md")
    try fixture.link("knowledge/nowhere.md", to: "gone.md")
    let reading = fixture.read()
    #expect(
      reading.problems.places == [
        "error knowledge/nowhere.md:1:1", "error knowledge/round:1:1", "error knowledge/self.md:1:1",
      ], "\(reading.problems.lines)")
  }

  @Test func aFileNameThatIsNotUTF8DoesNoHarm() throws {
    let fixture = try WorkspaceFixture(["knowledge/b.md": WorkspaceFixture.article])
    let name = Array((fixture.folder.path + "/knowledge/caf").utf8).map { CChar(bitPattern: $0) }
    let path = name + [CChar(bitPattern: 0xE9)] + ".md\0".utf8.map { CChar(bitPattern: $0) }
    let descriptor = open(path, O_CREAT | O_WRONLY, 0o600)
    try #require(descriptor >= 0)
    close(descriptor)
    let reading = fixture.read()
    #expect(reading.content == nil || reading.content?.articles.map(\.id) == ["b"])
    #expect(reading.problems.contains { $0.location.file.hasPrefix("knowledge/caf") }, "\(reading.problems.lines)")
  }

  @Test func aPipeIsNotOpened() throws {
    let fixture = try WorkspaceFixture(["knowledge/b.md": WorkspaceFixture.article])
    #expect(mkfifo(fixture.folder.appending(path: "knowledge/a.md").path, 0o600) == 0)
    #expect(fixture.read().problems.places == ["error knowledge/a.md:1:1"])
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
  func aFileThatMayNotBeReadIsAnError() throws {
    let fixture = try WorkspaceFixture(["knowledge/a.md": WorkspaceFixture.article])
    try FileManager.default.setAttributes(
      [.posixPermissions: 0], ofItemAtPath: fixture.folder.appending(path: "knowledge/a.md").path)
    let problems = fixture.read().problems
    #expect(problems.places == ["error knowledge/a.md:1:1"] && problems[0].message.contains("permissions"))
  }

  @Test func theVersionIsThatOfTheContent() throws {
    let files = ["knowledge/a.md": WorkspaceFixture.article, "greenroom.yml": "name: A\n"]
    let one = try WorkspaceFixture(files), other = try WorkspaceFixture(files.merging(["README.md": "x"]) { $1 })
    let version = try #require(one.read().content?.version)
    #expect(version.count == 16 && version == other.read().content?.version)
    try other.write("knowledge/a.md", Data((WorkspaceFixture.article + "!").utf8))
    #expect(other.read().content?.version != version)
    let renamed = try WorkspaceFixture(["knowledge/b.md": WorkspaceFixture.article, "greenroom.yml": "name: A\n"])
    #expect(renamed.read().content?.version != version)
  }

  @Test func `settings from elsewhere are seen to change, and to go`() throws {
    let fixture = try WorkspaceFixture(["knowledge/a.md": "---\ntitle: A\n---\nBody\n"])
    let elsewhere = FileManager.default.temporaryDirectory.appending(path: "settings-\(UUID().uuidString).yml")
    defer { try? FileManager.default.removeItem(at: elsewhere) }
    try Data("name: One\n".utf8).write(to: elsewhere)
    let before = WorkspaceFingerprint.of(fixture.folder, settingsFile: elsewhere)
    #expect(WorkspaceFingerprint.of(fixture.folder, settingsFile: elsewhere) == before)
    try Data("name: Another\n".utf8).write(to: elsewhere)
    let changed = WorkspaceFingerprint.of(fixture.folder, settingsFile: elsewhere)
    #expect(changed != before)
    try FileManager.default.removeItem(at: elsewhere)
    #expect(WorkspaceFingerprint.of(fixture.folder, settingsFile: elsewhere) != changed)
  }

  @Test func aChangeShowsInTheFingerprint() throws {
    let fixture = try WorkspaceFixture(["knowledge/a.md": WorkspaceFixture.article])
    let before = WorkspaceFingerprint.of(fixture.folder)
    try fixture.write("README.md", Data("x".utf8))
    #expect(WorkspaceFingerprint.of(fixture.folder) == before)
    try fixture.write("knowledge/b.md", Data())
    let added = WorkspaceFingerprint.of(fixture.folder)
    #expect(added != before)
    try fixture.write("knowledge/b.md", Data("x".utf8))
    let changed = WorkspaceFingerprint.of(fixture.folder)
    #expect(changed != added)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)],
      ofItemAtPath: fixture.folder.appending(path: "knowledge/b.md").path)
    #expect(WorkspaceFingerprint.of(fixture.folder) != changed)
    try FileManager.default.removeItem(at: fixture.folder.appending(path: "knowledge/b.md"))
    #expect(WorkspaceFingerprint.of(fixture.folder) == before)
    #expect(WorkspaceFingerprint.of(fixture.folder.appending(path: "gone")) != before)
  }
}
