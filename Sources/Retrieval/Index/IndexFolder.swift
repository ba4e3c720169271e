package import Foundation

/// An index on disk: a file for each segment, named by its checksum, and a manifest that names them. Segments that are
/// there already are not written again; whoever reads sees one manifest or the next, never half of one.
package struct IndexFolder: Sendable {
  private let folder: URL

  package init(_ folder: URL) { self.folder = folder }

  private var manifest: URL { folder.appending(path: "manifest") }

  /// Writes what is not there yet.
  /// - Parameters:
  ///   - contentKey: says what the index was made from.
  ///   - unusedBefore: files that the index does not need and that are older are removed; nil keeps all. Leave others the
  ///     time to open what the manifest named a moment ago.
  /// - Throws: `RetrievalError` `notWritable`; what was there before stays in force.
  package func save(_ index: InvertedIndex, contentKey: [UInt8], unusedBefore: Date? = nil) throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw RetrievalError(
        .notWritable, "The folder \(folder.lastPathComponent) cannot be made. Let the program write beside it.")
    }
    var names: [String] = []
    for part in index.parts {
      let name = Self.hexadecimal(part.segment.file.payloadChecksum)
      names.append("\(name).segment")
      let file = folder.appending(path: "\(name).segment")
      if try !isThere(file, size: part.segment.size) {
        try part.segment.withUnsafeBytes { try AtomicFile.write(parts: [$0], to: file) }
      }
      guard let removals = part.removals else { continue }
      let bytes = removals.encoded(for: part.segment.file.payloadChecksum)
      let checksum = bytes.withUnsafeBytes { SectionedFile.checksum($0) }
      names.append("\(Self.hexadecimal(checksum)).removals")
      try AtomicFile.write(bytes, to: folder.appending(path: names[names.count - 1]))
    }
    let list = Array(names.joined(separator: "\n").utf8)
    try AtomicFile.write(SectionedFile.encode(.manifest, contentKey: contentKey, sections: [list]), to: manifest)
    if let unusedBefore { removeUnused(except: Set(names), before: unusedBefore) }
  }

  /// Maps the index into memory.
  /// - Parameters:
  ///   - contentKey: what it must have been made from; nil where any will do.
  ///   - isVerified: reads all of it and holds it against its checksums; without, only headers and sizes are checked.
  /// - Throws: `RetrievalError`: `missing`, `otherContent`, `damaged` and the like. Then it is to be made again.
  package func open(contentKey: [UInt8]?, isVerified: Bool = false) throws -> InvertedIndex {
    let file = try SectionedFile(MappedFile(manifest), kind: .manifest, contentKey: contentKey)
    try file.verify()
    guard file.sections.count == 1 else { throw SectionedFile.damaged }
    let names = file.region.withUnsafeBytes { String(decoding: $0[file.sections[0]], as: UTF8.self) }
      .split(separator: "\n")
    var sources: [(segment: Segment, removals: Removals?)] = []
    for name in names {
      // The names come from a file: none may lead out of the folder.
      guard name.wholeMatch(of: /[0-9a-f]{16}\.(segment|removals)/) != nil else { throw SectionedFile.damaged }
      let bytes = try MappedFile(folder.appending(path: String(name)))
      if name.hasSuffix(".segment") {
        let segment = try Segment(bytes)
        guard Self.hexadecimal(segment.file.payloadChecksum) == name.prefix(16) else { throw SectionedFile.damaged }
        sources.append((segment, nil))
      } else {
        guard let last = sources.last, last.removals == nil else { throw SectionedFile.damaged }
        sources[sources.count - 1].removals = try Removals(bytes, for: last.segment)
      }
    }
    let index = try InvertedIndex(sources, parameters: nil)
    if isVerified { try index.verify() }
    return index
  }

  /// A file of the right name and size that is whole: a damaged one is written again.
  private func isThere(_ file: URL, size: Int) throws -> Bool {
    guard let found = try? Segment(MappedFile(file)), found.size == size else { return false }
    return (try? found.verify()) != nil
  }

  private func removeUnused(except names: Set<String>, before date: Date) {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
    for file in files ?? [] {
      let name = file.lastPathComponent
      guard name.hasSuffix(".segment") || name.hasSuffix(".removals") || name.hasPrefix(".new-"), !names.contains(name),
        let changed = try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate,
        changed < date
      else { continue }
      // Left over files do no harm but take room; another process may have been faster.
      try? FileManager.default.removeItem(at: file)
    }
  }

  private static func hexadecimal(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
