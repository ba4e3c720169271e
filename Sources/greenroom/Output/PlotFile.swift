import Foundation
import Insights

/// Where a picture goes. It appears whole or not at all: it is written beside its place and then moved there.
struct PlotFile {
  private let place: URL

  /// - Throws: `Failure` when the file cannot be written there, as far as can be seen beforehand.
  init(path: String) throws {
    guard !path.isEmpty else { throw Failure("--plot names no file: give it one such as risk.svg.") }
    // Through links: moving the file into a link's place would leave what it points to as it was.
    let place = URL(filePath: path).resolvingSymlinksInPath()
    let folder = place.deletingLastPathComponent().path(percentEncoded: false)
    let files = FileManager.default
    var isFolder: ObjCBool = false
    if files.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue {
      throw Failure("The plot cannot be written to \(path), which is a folder: name a file in it, such as risk.svg.")
    }
    if let type = try? place.resourceValues(forKeys: [.isRegularFileKey]), type.isRegularFile == false {
      throw Failure("The plot cannot be written to \(path), which is no ordinary file: name one such as risk.svg.")
    }
    guard files.fileExists(atPath: folder, isDirectory: &isFolder) else {
      throw Failure("The plot cannot be written to \(path): there is no folder \(folder). Make it first.")
    }
    guard isFolder.boolValue else {
      throw Failure("The plot cannot be written to \(path): \(folder) is a file, not a folder.")
    }
    guard files.isWritableFile(atPath: folder) else {
      throw Failure("The plot cannot be written to \(path): the folder \(folder) cannot be written to by this user.")
    }
    self.place = place
  }

  func write(_ plot: RiskPlot) throws {
    do {
      try Data(plot.svg.utf8).write(to: place, options: .atomic)
    } catch {
      throw Failure(
        "The plot cannot be written to \(place.path(percentEncoded: false)): \(error.localizedDescription)")
    }
  }
}
