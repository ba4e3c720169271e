import Foundation
import TestSupport
import Testing

@testable import Retrieval

@Suite struct FileTests {
  private func sample(_ generator: inout SeededGenerator, contentKey: [UInt8] = [1, 2, 3]) throws -> [UInt8] {
    // Dense terms with bitmaps and lists, rare ones with blocks and without.
    let documents = randomDocuments(1_500, vocabulary: 60, from: &generator, length: 1...25).map { document in
      var marked = document
      if document.number % 70 == 0 { marked.terms.append(TermFrequency(key: 77, frequency: 3)) }
      return marked
    }
    let rare: [IndexedDocument] = (0..<9_000).map { number in
      let key: UInt64 = number % 60 == 0 ? 78 : UInt64(number / 300)
      return IndexedDocument(number: UInt32(2_000 + number), terms: [TermFrequency(key: key)])
    }
    return try bytes(documents + rare, contentKey: contentKey)
  }

  private func ask(_ index: InvertedIndex) {
    let keys = (1...8).map { UInt64($0) &* 0x9E37_79B9_7F4A_7C15 } + [77, 78, 3, 20]
    for count in [1, 4, keys.count] {
      let hits = index.top(20, of: keys.suffix(count).map { QueryTerm(key: $0) })
      #expect(hits.count <= 20)
    }
  }

  @Test func `a flipped bit anywhere is refused or harmless, and always seen by the checksum`() throws {
    var generator = SeededGenerator(seed: 41)
    let whole = try sample(&generator)
    var refused = 0
    for round in 0..<90 {
      var damaged = whole
      // The header and the tables more often than their size would have it.
      let place = Int.random(in: 0..<(round % 3 == 0 ? 400 : damaged.count), using: &generator)
      damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      do {
        let segment = try Segment(HeldBytes(damaged))
        let index = try InvertedIndex([segment])
        ask(index)
        if round % 10 == 0 {
          _ = try? index.merged()
          _ = try? index.updating(adding: [], removing: [5, 2_100])
        }
        if damaged[place] != whole[place], (try? segment.verify()) != nil {
          // Only what fills the space up to the first section is covered by nothing but the header's own checksum.
          Issue.record("byte \(place) is not covered")
        }
      } catch let error as RetrievalError {
        refused += 1
        #expect([.foreign, .otherVersion, .truncated, .damaged].contains(error.code))
      }
    }
    #expect(refused > 10)
  }

  @Test func `sections of random bytes with a valid header are searched without harm`() throws {
    var generator = SeededGenerator(seed: 42)
    let whole = try sample(&generator)
    let file = try SectionedFile(HeldBytes(whole), kind: .segment, contentKey: nil)
    for round in 0..<72 {
      var sections = file.sections.map { Array(whole[$0]) }
      let section = 1 + round % (sections.count - 1)
      for _ in 0..<(round < 36 ? 3 : 4_000) where !sections[section].isEmpty {
        let place = Int.random(in: 0..<sections[section].count, using: &generator)
        sections[section][place] = UInt8.random(in: 0...255, using: &generator)
      }
      // Its checksums are right: what an attacker would write.
      let forged = SectionedFile.encode(.segment, contentKey: [], sections: sections)
      guard let index = try? InvertedIndex([Segment(HeldBytes(forged))]) else { continue }
      ask(index)
      // Each section once with few wrong bytes and once with many.
      guard round % 36 < sections.count else { continue }
      _ = try? index.merged()
      _ = try? index.updating(adding: [], removing: [5, 2_100])
    }
  }

  @Test func `a header with other counts, parameters or sections is refused`() throws {
    var generator = SeededGenerator(seed: 43)
    let whole = try sample(&generator)
    let file = try SectionedFile(HeldBytes(whole), kind: .segment, contentKey: nil)
    let sections = file.sections.map { Array(whole[$0]) }
    for place in [0, 8, 16, 6, 14, 30, 35, 44, 45] {
      var forged = sections
      forged[0][place] ^= 0xFF
      let bytes = SectionedFile.encode(.segment, contentKey: [], sections: forged)
      #expect { try Segment(HeldBytes(bytes)) } throws: { ($0 as? RetrievalError)?.code == .damaged }
    }
    for count in [0, 3, sections.count - 1] {
      let bytes = SectionedFile.encode(.segment, contentKey: [], sections: Array(sections.prefix(count)))
      #expect { try Segment(HeldBytes(bytes)) } throws: { ($0 as? RetrievalError)?.code == .damaged }
    }
  }

  @Test func `files cut, longer, empty, foreign, of another kind, version or content are named as such`() throws {
    var generator = SeededGenerator(seed: 44)
    let whole = try sample(&generator)
    func code(_ bytes: [UInt8], contentKey: [UInt8]? = nil) -> RetrievalError.Code? {
      do {
        _ = try Segment(HeldBytes(bytes), contentKey: contentKey)
        return nil
      } catch {
        return (error as? RetrievalError)?.code
      }
    }
    #expect(code(whole) == nil)
    #expect(code(whole, contentKey: [1, 2, 3]) == nil)
    #expect(code(whole, contentKey: [1, 2, 4]) == .otherContent)
    for length in [8, 40, 47, 60, 200, 5_000, whole.count - 1] {
      #expect(code(Array(whole.prefix(length))) == .truncated)
    }
    #expect(code(whole + [0]) == .truncated)
    #expect(code([]) == .foreign)
    #expect(code(Array("greenroom: {}\n".utf8)) == .foreign)
    #expect(code(BlobFile.encode([1], contentKey: [])) == .foreign)
    var newer = whole
    newer[8] = 9
    #expect(code(newer) == .otherVersion)
    #expect(code([UInt8](repeating: 0xFF, count: 300)) == .foreign)
  }

  @Test func `bytes at an odd address are read all the same`() throws {
    final class Odd: ByteRegion {
      let bytes: HeldBytes
      init(_ bytes: [UInt8]) { self.bytes = HeldBytes([0] + bytes) }
      func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0.dropFirst())) }
      }
    }
    var generator = SeededGenerator(seed: 45)
    let whole = try sample(&generator)
    let odd = try InvertedIndex([Segment(Odd(whole))])
    let even = try InvertedIndex([Segment(HeldBytes(whole))])
    let asked = [QueryTerm(key: 77), QueryTerm(key: 3)]
    #expect(odd.top(10, of: asked) == even.top(10, of: asked))
  }

  @Test func `a folder keeps an index with what was removed, and only writes what is new`() throws {
    let place = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    let folder = IndexFolder(place.appending(path: "index"))
    #expect { try folder.open(contentKey: nil) } throws: { ($0 as? RetrievalError)?.code == .missing }
    var generator = SeededGenerator(seed: 46)
    let large = try index(randomDocuments(900, vocabulary: 300, from: &generator))
    try folder.save(large, contentKey: [1])
    let files = { try FileManager.default.contentsOfDirectory(atPath: place.appending(path: "index").path).sorted() }
    let before = try files()
    let changed = try large.updating(
      adding: randomDocuments(5, vocabulary: 300, from: &generator), removing: [700], smallSegment: 0)
    try folder.save(changed, contentKey: [2])
    #expect(try Set(files()).isSuperset(of: before))
    #expect(try files().count == before.count + 2)
    let opened = try folder.open(contentKey: [2], isVerified: true)
    #expect(opened.documentCount == 899)
    for _ in 0..<20 {
      let asked = [QueryTerm(key: randomKey(300, from: &generator)), QueryTerm(key: randomKey(300, from: &generator))]
      #expect(opened.top(10, of: asked) == changed.top(10, of: asked))
    }
    #expect { try folder.open(contentKey: [1]) } throws: { ($0 as? RetrievalError)?.code == .otherContent }
    // What is no longer needed goes; who has it mapped still reads it.
    try folder.save(try changed.merged(), contentKey: [3], unusedBefore: .distantFuture)
    #expect(try files().count == 2)
    #expect(!opened.top(10, of: [QueryTerm(key: randomKey(300, from: &generator))]).isEmpty)
    try opened.verify()
  }

  @Test func `a manifest that leads out of its folder, names files twice or misses one is refused`() throws {
    let place = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    var generator = SeededGenerator(seed: 47)
    try IndexFolder(place).save(try index(randomDocuments(20, vocabulary: 30, from: &generator)), contentKey: [])
    let segments = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasSuffix(".segment") }
    let name = try #require(segments.first)
    let wrong: [(String, RetrievalError.Code)] = [
      ("../\(name)", .damaged), ("/etc/passwd", .damaged), ("0123456789abcdef.removals", .missing),
      ("0123456789abcdef.segment", .missing), ("manifest", .damaged),
      ("\(name)\n\(name.prefix(16)).removals", .missing),
    ]
    for (list, code) in wrong {
      let bytes = SectionedFile.encode(.manifest, contentKey: [], sections: [Array(list.utf8)])
      try AtomicFile.write(bytes, to: place.appending(path: "manifest"))
      #expect { try IndexFolder(place).open(contentKey: nil) } throws: { ($0 as? RetrievalError)?.code == code }
    }
  }

  @Test func `a damaged segment in the folder is found by reading all, and written again by the next save`() throws {
    let place = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    var generator = SeededGenerator(seed: 48)
    let built = try index(randomDocuments(200, vocabulary: 100, from: &generator))
    try IndexFolder(place).save(built, contentKey: [])
    let segments = try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
      .filter { $0.pathExtension == "segment" }
    let file = try #require(segments.first)
    var bytes = Array(try Data(contentsOf: file))
    bytes[bytes.count - 3] ^= 1
    try Data(bytes).write(to: file)
    #expect { try IndexFolder(place).open(contentKey: nil, isVerified: true) } throws: {
      ($0 as? RetrievalError)?.code == .damaged
    }
    try IndexFolder(place).save(built, contentKey: [])
    #expect(try IndexFolder(place).open(contentKey: nil, isVerified: true).documentCount == 200)
  }

  @Test func `what cannot be written leaves nothing behind and what was there in force`() throws {
    let place = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    let missing = place.appending(path: "no/such/folder/file")
    #expect { try AtomicFile.write([1], to: missing) } throws: { ($0 as? RetrievalError)?.code == .notWritable }
    // A folder in the file's place: everything goes well but for the last step.
    let taken = place.appending(path: "taken")
    try FileManager.default.createDirectory(at: taken.appending(path: "x"), withIntermediateDirectories: true)
    #expect { try AtomicFile.write([1], to: taken) } throws: { ($0 as? RetrievalError)?.code == .notWritable }
    #expect(try FileManager.default.contentsOfDirectory(atPath: place.path) == ["taken"])
    #expect { try MappedFile(taken) } throws: { ($0 as? RetrievalError)?.code == .unreadable }
    let full = URL(filePath: "/dev/full")
    #expect { try MappedFile(full) } throws: { ($0 as? RetrievalError)?.code == .unreadable }
  }

  @Test func `a mapped file stays as it was when another takes its place`() throws {
    let place = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: place) }
    let file = place.appending(path: "file")
    try AtomicFile.write([1, 2, 3], to: file)
    let mapped = try MappedFile(file)
    try AtomicFile.write([4], to: file)
    #expect(mapped.withUnsafeBytes { Array($0) } == [1, 2, 3])
    #expect(try MappedFile(file).withUnsafeBytes { Array($0) } == [4])
    try AtomicFile.write([], to: file)
    #expect(try MappedFile(file).withUnsafeBytes { $0.count } == 0)
  }
}
