import Cache
import Foundation
import Support
import Synchronization
import Testing

@Suite struct CacheFolderTests {
  /// A time that tests move.
  final class Hours: Sendable {
    private let hours = Mutex(0.0)
    func move(to hours: Double) { self.hours.withLock { $0 = hours } }
    var now: Date { Date(timeIntervalSince1970: 1_790_000_000 + hours.withLock { $0 } * 3_600) }
  }

  private let place = FileManager.default.temporaryDirectory.appending(path: "cache-tests-\(UUID().uuidString)")
  private let hours = Hours()

  private func cache() -> CacheFolder {
    let hours = hours
    return CacheFolder(place, now: { hours.now })
  }

  private func bytes(_ mapped: MappedBytes?) -> [UInt8]? { mapped?.withUnsafeBytes { Array($0) } }

  private func files() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(at: place, includingPropertiesForKeys: nil)
  }

  private func removeAll() { try? FileManager.default.removeItem(at: place) }

  @Test func `what was stored comes back, by kind and key, also to another process's eyes`() throws {
    defer { removeAll() }
    #expect(cache().load(kind: "lines", key: "k") == nil)
    cache().store([1, 2, 3], kind: "lines", key: "k")
    cache().store([], kind: "lines", key: "other")
    #expect(bytes(cache().load(kind: "lines", key: "k")) == [1, 2, 3])
    #expect(bytes(cache().load(kind: "lines", key: "other")) == [])
    #expect(cache().load(kind: "articles", key: "k") == nil)
    #expect(cache().load(kind: "line", key: "sk") == nil)
    cache().store([4], kind: "lines", key: "k")
    #expect(bytes(cache().load(kind: "lines", key: "k")) == [4])
    #expect(try files().count == 2)
    #expect(cache().problem == nil)
  }

  @Test func `what is mapped stays as it was when its place is taken or it is removed`() throws {
    defer { removeAll() }
    let cache = cache()
    cache.store([UInt8](repeating: 7, count: 100_000), kind: "lines", key: "k")
    let mapped = cache.load(kind: "lines", key: "k")
    cache.store([8], kind: "lines", key: "k")
    removeAll()
    #expect(bytes(mapped) == [UInt8](repeating: 7, count: 100_000))
  }

  @Test func `a damaged, cut, foreign or swapped file is no hit, and makes room for a good one`() throws {
    defer { removeAll() }
    let cache = cache()
    cache.store(Array(0...255), kind: "lines", key: "one")
    let file = try #require(try files().first)
    let whole = Array(try Data(contentsOf: file))
    var flipped = whole
    flipped[whole.count - 5] ^= 4
    var newer = whole
    newer[8] = 200
    for wrong in [flipped, newer, Array(whole.prefix(70)), [], Array("#!/bin/sh".utf8), whole + [1]] {
      try Data(wrong).write(to: file)
      #expect(cache.load(kind: "lines", key: "one") == nil)
      #expect(try files().isEmpty)
      cache.store([1], kind: "lines", key: "one")
      #expect(bytes(cache.load(kind: "lines", key: "one")) == [1])
    }
    // One key's file under the other's name.
    cache.store([2], kind: "lines", key: "two")
    let other = try #require(try files().first { $0.lastPathComponent != file.lastPathComponent })
    try Data(contentsOf: other).write(to: file)
    #expect(cache.load(kind: "lines", key: "one") == nil)
    #expect(bytes(cache.load(kind: "lines", key: "two")) == [2])
  }

  @Test func `a kind or key that would lead out of the folder does not`() throws {
    defer { removeAll() }
    let cache = cache()
    for (kind, key) in [("../../x", "k"), ("a/b", "../k"), ("", ""), ("ä\u{0}", "/etc/passwd"), ("lines", "k\n")] {
      cache.store(Array(key.utf8), kind: kind, key: key)
      #expect(bytes(cache.load(kind: kind, key: key)) == Array(key.utf8))
    }
    #expect(try files().count == 5)
    #expect(try files().allSatisfy { $0.lastPathComponent.count < 100 })
  }

  @Test func `a folder that cannot be made or written keeps nothing, and says so in a sentence`() throws {
    // Root may write anywhere; a file in the folder's place stops everybody.
    try Data([1]).write(to: place)
    defer { removeAll() }
    let cache = cache()
    cache.store([1], kind: "lines", key: "k")
    #expect(cache.load(kind: "lines", key: "k") == nil)
    let problem = try #require(cache.problem)
    #expect(problem.description.hasSuffix("."))
    #expect(cache.prune(unusedFor: 1, keepingAtMost: 0) == 0)
    // Once it can be written, all is well again.
    removeAll()
    cache.store([1], kind: "lines", key: "k")
    #expect(cache.problem == nil)
    #expect(bytes(cache.load(kind: "lines", key: "k")) == [1])
  }

  @Test func `a folder in an entry's place is no hit and a problem that is named`() throws {
    defer { removeAll() }
    let cache = cache()
    cache.store([1], kind: "lines", key: "k")
    let file = try #require(try files().first)
    try FileManager.default.removeItem(at: file)
    try FileManager.default.createDirectory(at: file.appending(path: "x"), withIntermediateDirectories: true)
    #expect(cache.load(kind: "lines", key: "k") == nil)
    #expect(cache.problem != nil)
    cache.store([1], kind: "lines", key: "k")
    #expect(cache.problem?.description.contains("cannot be") == true)
  }

  @Test func `what was not used for long goes, what is used stays`() throws {
    defer { removeAll() }
    let cache = cache()
    for key in ["a", "b", "c"] { cache.store([1], kind: "lines", key: key) }
    hours.move(to: 50)
    #expect(cache.load(kind: "lines", key: "b") != nil)
    hours.move(to: 90)
    #expect(cache.prune(unusedFor: 60 * 3_600, keepingAtMost: .max) == 2)
    #expect(cache.load(kind: "lines", key: "a") == nil)
    #expect(cache.load(kind: "lines", key: "b") != nil)
  }

  @Test func `of too much, what was unused for longest goes first`() throws {
    defer { removeAll() }
    let cache = cache()
    for (hour, key) in ["a", "b", "c", "d"].enumerated() {
      hours.move(to: Double(hour) * 2)
      cache.store([UInt8](repeating: 1, count: 10_000), kind: "lines", key: key)
    }
    hours.move(to: 10)
    #expect(cache.load(kind: "lines", key: "a") != nil)
    #expect(cache.prune(unusedFor: 1e9, keepingAtMost: 25_000) == 2)
    #expect(["a", "b", "c", "d"].map { cache.load(kind: "lines", key: $0) != nil } == [true, false, false, true])
  }

  @Test func `what a process left half-written goes after a while, other people's files stay`() throws {
    defer { removeAll() }
    let cache = cache()
    cache.store([1], kind: "lines", key: "a")
    for name in [".new-abcdef", "notes.txt"] {
      let file = place.appending(path: name)
      try Data([1]).write(to: file)
      try FileManager.default.setAttributes([.modificationDate: hours.now], ofItemAtPath: file.path)
    }
    cache.prune(unusedFor: 1e9, keepingAtMost: .max)
    #expect(try files().count == 3)
    hours.move(to: 3)
    cache.prune(unusedFor: 1e9, keepingAtMost: .max)
    #expect(try Set(files().map(\.lastPathComponent)).contains("notes.txt"))
    #expect(try files().count == 2)
  }

  @Test func `many writers and readers of one key see whole values only`() async throws {
    defer { removeAll() }
    let caches = (0..<4).map { _ in cache() }
    let torn = await withTaskGroup(of: Int.self) { group in
      for (number, cache) in caches.enumerated() {
        group.addTask {
          var torn = 0
          for round in 0..<40 {
            let value = [UInt8](repeating: UInt8(number * 40 + round), count: 20_000)
            cache.store(value, kind: "lines", key: "k")
            let seen = cache.load(kind: "lines", key: "k")?.withUnsafeBytes { Array($0) } ?? []
            if seen.count != 20_000 || Set(seen).count != 1 { torn += 1 }
          }
          return torn
        }
      }
      return await group.reduce(0, +)
    }
    #expect(torn == 0)
    #expect(caches.allSatisfy { $0.problem == nil })
    #expect(try files().count == 1)
  }
}
