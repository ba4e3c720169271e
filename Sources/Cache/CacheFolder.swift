package import Foundation
import Retrieval
import Sodium
package import Support
import Synchronization

/// A cache in a folder: a file for each kind and key, mapped into memory when it is loaded.
///
/// Several processes may use one folder: a file appears whole, by renaming, and one that is removed stays readable for
/// whoever has it mapped. A folder that cannot be written, or a full disk, makes it a cache that keeps nothing new.
package final class CacheFolder: ModelCache {
  private let folder: URL
  private let now: @Sendable () -> Date
  private let latestProblem = Mutex<ModelCacheProblem?>(nil)

  /// How exactly the last use of a file is known: it is noted at most so often.
  private static let usePrecision: TimeInterval = 3_600
  private static let suffix = ".cache"

  /// - Parameters:
  ///   - folder: need not be there yet.
  ///   - now: for the age of files.
  package init(_ folder: URL, now: @escaping @Sendable () -> Date) {
    self.folder = folder
    self.now = now
  }

  package var problem: ModelCacheProblem? { latestProblem.withLock { $0 } }

  package func load(kind: String, key: String) -> MappedBytes? {
    let file = file(kind: kind, key: key)
    do {
      let blob = try BlobFile(MappedFile(file), contentKey: Self.contentKey(kind: kind, key: key))
      noteUse(of: file)
      return blob.withUnsafeBytes { MappedBytes($0, keptBy: blob) }
    } catch let error as RetrievalError where error.code == .missing {
      return nil
    } catch let error as RetrievalError where error.code == .unreadable {
      note("\(error.description) The program works it out again at each start until then.")
      return nil
    } catch {
      // Damaged, or of another version: it would be in the way for ever.
      try? FileManager.default.removeItem(at: file)
      return nil
    }
  }

  package func store(_ bytes: [UInt8], kind: String, key: String) {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let file = file(kind: kind, key: key)
      try AtomicFile.write(BlobFile.encode(bytes, contentKey: Self.contentKey(kind: kind, key: key)), to: file)
      setUse(of: file, now())
      latestProblem.withLock { $0 = nil }
    } catch let error as RetrievalError {
      note("Nothing can be kept in the cache \(folder.lastPathComponent): \(error.description)")
    } catch {
      note("The cache folder \(folder.lastPathComponent) cannot be made. Let the program write beside it.")
    }
  }

  /// Removes files that were not used for long, and then those longest unused until the rest takes at most so much room.
  /// - Returns: how many were removed.
  @discardableResult
  package func prune(unusedFor age: TimeInterval, keepingAtMost size: Int) -> Int {
    let keys: Set<URLResourceKey> = [.contentModificationDateKey, .fileSizeKey, .isRegularFileKey]
    let found = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: Array(keys))
    var entries: [(file: URL, used: Date, size: Int)] = []
    var removed = 0
    for file in found ?? [] {
      guard let values = try? file.resourceValues(forKeys: keys), values.isRegularFile == true,
        let used = values.contentModificationDate
      else { continue }
      if file.lastPathComponent.hasSuffix(Self.suffix) {
        entries.append((file, used, values.fileSize ?? 0))
      } else if file.lastPathComponent.hasPrefix(".new-"), now().timeIntervalSince(used) > Self.usePrecision {
        // Left by a process that died while it wrote.
        try? FileManager.default.removeItem(at: file)
      }
    }
    entries.sort { ($0.used, $0.file.lastPathComponent) > ($1.used, $1.file.lastPathComponent) }
    var total = 0
    for entry in entries {
      total += entry.size
      // Once one does not fit, all that were unused for longer go.
      guard total > size || now().timeIntervalSince(entry.used) > age else { continue }
      if (try? FileManager.default.removeItem(at: entry.file)) != nil { removed += 1 }
    }
    return removed
  }

  private func file(kind: String, key: String) -> URL {
    // Kinds are the program's own words; should one hold anything else, it still must not lead out of the folder.
    let name = kind.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return folder.appending(
      path: "\(String(name))-\(SHA256.hexDigest(of: Self.contentKey(kind: kind, key: key)))\(Self.suffix)")
  }

  private static func contentKey(kind: String, key: String) -> [UInt8] { Array("\(kind)\u{0}\(key)".utf8) }

  /// A file's date of change is the date of its last use.
  private func noteUse(of file: URL) {
    let date = now()
    let used = try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
    if let used, date.timeIntervalSince(used) < Self.usePrecision { return }
    setUse(of: file, date)
  }

  private func setUse(of file: URL, _ date: Date) {
    // In a folder that cannot be written the date stays, and nothing is removed either.
    try? FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: file.path(percentEncoded: false))
  }

  private func note(_ words: String) { latestProblem.withLock { $0 = ModelCacheProblem(words) } }
}
