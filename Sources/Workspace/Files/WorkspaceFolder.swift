import Foundation
import Support

/// The files of a workspace folder. Only `greenroom.yml` and the four content folders are ever looked at:
/// anything else, a whole program for instance, may lie beside them.
struct WorkspaceFolder {
  /// A file that belongs to the workspace.
  struct Entry: Sendable, Hashable {
    /// Relative to the workspace folder, with `/`.
    var path: String
    var status: FileStatus
  }

  /// A part of the workspace: a folder, and the names of the files in it that count.
  enum Part: String {
    case intents, knowledge, dialogues, phrases

    var extensions: [String] { self == .knowledge ? [".md"] : [".yml", ".yaml"] }
    /// Endings that look right and are not.
    var mistakenExtensions: [String] { self == .knowledge ? [".markdown", ".mdown", ".mkd"] : [] }
  }

  static let settingsFile = "greenroom.yml"
  /// Deeper than anyone sorts articles by hand.
  static let deepestFolder = 32

  let path: String
  private let realPath: String?

  init(path: String) {
    self.path = path
    self.realPath = FileStatus.realPath(path)
  }

  /// Whether the folder itself is there and can be listed.
  func checkFolder(_ problems: ProblemLog) -> Bool {
    guard let status = FileStatus(path: path, followingLinks: true) else {
      problems.error(at: SourceLocation(file: "."), "There is no folder \(path), or it may not be read.")
      return false
    }
    guard status.kind == .folder else {
      problems.error(at: SourceLocation(file: "."), "\(path) is not a folder.")
      return false
    }
    return true
  }

  func has(_ part: Part) -> Bool {
    FileStatus(path: absolute(part.rawValue), followingLinks: false) != nil
  }

  /// `greenroom.yml`, if there is one.
  func settingsEntry(_ problems: ProblemLog) -> Entry? {
    if let entry = file(Self.settingsFile, problems) { return entry }
    if FileStatus(path: absolute(Self.settingsFile), followingLinks: false) == nil,
      FileStatus(path: absolute("greenroom.yaml"), followingLinks: true) != nil
    {
      problems.warning(
        at: SourceLocation(file: "greenroom.yaml"), "This file is not read: rename it to \(Self.settingsFile).")
    }
    return nil
  }

  /// The files of one part, sorted by path. What cannot be read is reported and left out.
  func entries(of part: Part, _ problems: ProblemLog) -> [Entry] {
    var found: [Entry] = []
    let root = part.rawValue
    guard let status = FileStatus(path: absolute(root), followingLinks: false) else { return [] }
    let isFolder = FileStatus(path: absolute(root), followingLinks: true)?.kind == .folder
    if status.kind == .link, !pointsInside(root, problems) { return [] }
    guard isFolder else {
      problems.error(at: SourceLocation(file: root), "\(root) must be a folder.")
      return []
    }
    walk(root, part: part, above: [realPath ?? path], depth: 0, into: &found, problems)
    return found.sorted { $0.path < $1.path }
  }

  private func absolute(_ relative: String) -> String { path + "/" + relative }

  private func walk(
    _ folder: String, part: Part, above: [String], depth: Int, into found: inout [Entry], _ problems: ProblemLog
  ) {
    guard let real = FileStatus.realPath(absolute(folder)), !above.contains(real) else {
      problems.error(
        at: SourceLocation(file: folder), "This link leads back to a folder that it lies in; remove it.")
      return
    }
    guard depth <= Self.deepestFolder else {
      problems.error(at: SourceLocation(file: folder), "Folders are nested deeper than \(Self.deepestFolder).")
      return
    }
    let names: [String]
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: absolute(folder))
    } catch {
      problems.error(at: SourceLocation(file: folder), "This folder cannot be listed; check its permissions.")
      return
    }
    for name in names.sorted() where !Self.isHiddenOrBackup(name) {
      let relative = folder + "/" + name
      guard let status = FileStatus(path: absolute(relative), followingLinks: true) else {
        // A picture that has moved is nobody's concern here; an article, or a folder of them, is.
        guard part.extensions.contains(where: name.hasSuffix) || !name.contains(".") else { continue }
        if FileStatus(path: absolute(relative), followingLinks: false) != nil {
          _ = pointsInside(relative, problems)
        } else {
          problems.error(
            at: SourceLocation(file: relative),
            "This file cannot be found under its name; rename it with letters that are valid UTF-8.")
        }
        continue
      }
      if status.kind == .folder {
        let isLink = FileStatus(path: absolute(relative), followingLinks: false)?.kind == .link
        if isLink, !pointsInside(relative, problems) { continue }
        walk(relative, part: part, above: above + [real], depth: depth + 1, into: &found, problems)
      } else if part.extensions.contains(where: name.hasSuffix) {
        if let entry = file(relative, problems) { found.append(entry) }
      } else if (part.extensions + part.mistakenExtensions).contains(where: name.lowercased().hasSuffix) {
        problems.warning(
          at: SourceLocation(file: relative), "This file is not read: its name should end in \(part.extensions[0]).")
      }
    }
  }

  /// A regular file, or a link to one inside the workspace; nil and a problem for anything else that is there.
  private func file(_ relative: String, _ problems: ProblemLog) -> Entry? {
    guard let own = FileStatus(path: absolute(relative), followingLinks: false) else { return nil }
    if own.kind == .link, !pointsInside(relative, problems) { return nil }
    guard let status = FileStatus(path: absolute(relative), followingLinks: true), status.kind == .file else {
      problems.error(at: SourceLocation(file: relative), "This is not a regular file and cannot be read.")
      return nil
    }
    return Entry(path: relative, status: status)
  }

  private func pointsInside(_ relative: String, _ problems: ProblemLog) -> Bool {
    guard let target = FileStatus.realPath(absolute(relative)) else {
      problems.error(at: SourceLocation(file: relative), "This symbolic link leads nowhere; remove it or mend it.")
      return false
    }
    guard let realPath, target.hasPrefix(realPath == "/" ? "/" : realPath + "/") else {
      problems.error(
        at: SourceLocation(file: relative),
        "This symbolic link leaves the workspace folder and is not followed; put a copy in its place.")
      return false
    }
    return true
  }

  /// `.git`, `.#late-payout.md`, `late-payout.md~`, `#late-payout.md#`, `.late-payout.md.swp`.
  private static func isHiddenOrBackup(_ name: String) -> Bool {
    name.hasPrefix(".") || name.hasSuffix("~") || name.hasPrefix("#") || name.hasSuffix(".swp")
  }
}
