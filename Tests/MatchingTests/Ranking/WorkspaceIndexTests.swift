import Retrieval
import Support
import TestSupport
import Testing

@testable import Matching

@Suite struct WorkspaceIndexTests {
  private static let regional = [
    Desk.article("age-eu", "Minimum age in Europe", ["how old must a creator be"], "Eighteen.", regions: ["EU"]),
    Desk.article("age-jp", "Minimum age in Japan", ["how old must a creator be"], "Twenty.", regions: ["JP"]),
  ]
  private static let catalogue = Catalogue(Desk.content(articles: regional))

  private static func fresh(_ catalogue: Catalogue = catalogue) -> WorkspaceIndex {
    var reader = WritingReader(catalogue)
    reader.read()
    return WorkspaceIndex(catalogue, reader)
  }

  private static func kept() -> MemoryModelCache {
    let cache = MemoryModelCache()
    fresh().keep(in: cache, version: "desk")
    return cache
  }

  private static func load(_ cache: MemoryModelCache, _ catalogue: Catalogue = catalogue) -> WorkspaceIndex? {
    WorkspaceIndex(catalogue, keptIn: cache, version: "desk")
  }

  private static let analyzer = TextAnalyzer(catalogue.content)
  private static let texts =
    Desk.questions + ["how old must a creator be in japan", "where where where do i get a new badge", "日本 で 働く"]

  @Test func `what was kept is what was made, bit for bit`() throws {
    let fresh = Self.fresh()
    let kept = try #require(Self.load(Self.kept()))
    #expect(kept.candidateCount == fresh.candidateCount && kept.wordCounts == fresh.wordCounts)
    #expect(kept.writing.unitsOf == fresh.writing.unitsOf)
    for unit in 0..<fresh.writing.unitCount {
      #expect(kept.writing.text(of: unit) == fresh.writing.text(of: unit))
      #expect(kept.writing.candidate(of: unit) == fresh.writing.candidate(of: unit))
      #expect(kept.writing.candidateNumber(of: unit) == fresh.writing.candidateNumber(of: unit))
      #expect(kept.writing.location(of: unit) == fresh.writing.location(of: unit))
    }
    for (one, other) in zip(kept.writing.passages, fresh.writing.passages) {
      #expect(one.titledText == other.titledText)
    }
    for topic in Self.catalogue.topics.indices { #expect(kept.siblings.of(topic) == fresh.siblings.of(topic)) }
    #expect(Self.catalogue.topics.indices.contains { !fresh.siblings.of($0).isEmpty })
    for text in Self.texts {
      let analyzed = Self.analyzer.analyze(text, language: "en")
      #expect(kept.lines.likenesses(of: analyzed) == fresh.lines.likenesses(of: analyzed))
      #expect(
        kept.lines.knownShare(of: analyzed, heldOut: false) == fresh.lines.knownShare(of: analyzed, heldOut: false))
      #expect(kept.coverage.coverage(of: analyzed, ownTopic: 1) == fresh.coverage.coverage(of: analyzed, ownTopic: 1))
      let (one, other) = (kept.lines.weighted(analyzed), fresh.lines.weighted(analyzed))
      #expect(one.map(\.key) == other.map(\.key) && one.map(\.weight) == other.map(\.weight))
    }
  }

  @Test func `a workspace of nothing is kept as well`() {
    let empty = Catalogue(WorkspaceContent())
    let cache = MemoryModelCache()
    Self.fresh(empty).keep(in: cache, version: "desk")
    let kept = Self.load(cache, empty)
    #expect(kept?.writing.unitCount == 0)
    #expect(kept?.lines.likenesses(of: Self.analyzer.analyze("anything", language: nil)) == [])
  }

  @Test func `a bit that fell over anywhere is seen`() {
    var size = 0
    Self.kept().spoil(WorkspaceIndex.kind) { size = $0.count }
    let whole = Self.kept()
    for place in stride(from: 0, to: size, by: 13) {
      whole.spoil(WorkspaceIndex.kind) { $0[place] ^= 1 << (place % 8) }
      #expect(Self.load(whole) == nil, "byte \(place)")
      whole.spoil(WorkspaceIndex.kind) { $0[place] ^= 1 << (place % 8) }
    }
    #expect(Self.load(whole) != nil)
  }

  @Test func `bytes cut off, noise, nothing and bytes too many are seen`() {
    for part in 0..<20 {
      let cache = Self.kept()
      cache.spoil(WorkspaceIndex.kind) { $0.removeLast(max(1, $0.count * (20 - part) / 20)) }
      #expect(Self.load(cache) == nil)
    }
    for change in [
      { $0 = [] }, { $0 = [UInt8](repeating: 0xFF, count: 4_096) }, { $0 += [0] }, { $0 += $0 },
    ] as [(inout [UInt8]) -> Void] {
      let cache = Self.kept()
      cache.spoil(WorkspaceIndex.kind, change)
      #expect(Self.load(cache) == nil)
    }
  }

  @Test func `what was kept of a workspace with other lines, topics or articles does not fit`() {
    for other in [
      Desk.content(5, articles: Self.regional), Desk.content(articles: []), Desk.content(outOfScope: []),
      Desk.content(articles: Self.regional, ways: 4), WorkspaceContent(),
    ] {
      #expect(Self.load(Self.kept(), Catalogue(other)) == nil)
    }
    let cache = Self.kept()
    cache.rename { _ in "another version" }
    #expect(WorkspaceIndex(Self.catalogue, keptIn: cache, version: "another version") == nil)
  }

  /// The checksums of these are right: what a forger would write, or a program of another time.
  @Test func `numbers that lead out of their lists are refused or do no harm`() throws {
    var bytes: [UInt8] = []
    Self.kept().spoil(WorkspaceIndex.kind) { bytes = $0 }
    let file = try NumbersFile(HeldBytes(bytes), contentKey: Array("desk".utf8))
    let lists = try (0..<file.count).map { try file.region($0).withUnsafeBytes { Array($0) } }
    var state: UInt64 = 1
    func draw(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(max(bound, 1)))
    }
    var refused = 0
    for round in 0..<400 {
      var lists = lists
      let list = round % lists.count
      switch draw(4) {
      case 0: lists[list].removeLast(min(lists[list].count, 1 + draw(16)))
      case 1: lists[list] += [UInt8](repeating: UInt8(draw(256)), count: 4 * draw(5))
      default:
        for _ in 0...draw(40) where !lists[list].isEmpty { lists[list][draw(lists[list].count)] = UInt8(draw(256)) }
      }
      var forged = NumberSections()
      for list in lists { forged.add(list) }
      let cache = MemoryModelCache()
      cache.store(forged, kind: WorkspaceIndex.kind, key: "desk")
      guard let kept = Self.load(cache) else {
        refused += 1
        continue
      }
      for text in Self.texts {
        let analyzed = Self.analyzer.analyze(text, language: "en")
        #expect(kept.lines.likenesses(of: analyzed).count == kept.writing.lines.count)
        #expect(kept.coverage.coverage(of: analyzed, ownTopic: nil).count == Self.catalogue.topics.count)
        _ = kept.lines.knownShare(of: analyzed, heldOut: true)
      }
    }
    #expect(refused > 100)
  }
}

@Suite struct KeptStartTests {
  private static let kinds = ["index-1", KeptLearning.kind, "vector-rows-1", "vector-table-1"]

  private static func matcher(_ encoder: HashingEncoder?, _ cache: MemoryModelCache?) -> Matcher {
    Matcher(Desk.content(), encoders: encoder.map { [$0] } ?? [], cache: cache)
  }

  @Test func `a second start asks no encoder, keeps nothing anew and decides the same`() {
    let cache = MemoryModelCache()
    let first = Self.matcher(HashingEncoder(), cache)
    #expect(Self.kinds.allSatisfy(cache.kinds.contains))
    let encoder = HashingEncoder()
    let second = Self.matcher(encoder, cache)
    #expect(encoder.calls == 0)
    #expect(second.ranker.keptLesson != nil)
    #expect(Desk.decisions(second) == Desk.decisions(first))
    #expect(second.lesson == first.lesson)
  }

  @Test(arguments: kinds)
  func `without one of the files, or with a damaged one, all is made anew and comes out the same`(_ kind: String) {
    let truth = Desk.decisions(Self.matcher(HashingEncoder(), nil))
    for change in [
      { $0 = [] }, { $0[$0.count / 2] ^= 4 }, { $0.removeLast($0.count / 3) }, { $0[20] &+= 1 },
    ] as [(inout [UInt8]) -> Void] {
      let cache = MemoryModelCache()
      _ = Self.matcher(HashingEncoder(), cache)
      cache.spoil(kind, change)
      #expect(Desk.decisions(Self.matcher(HashingEncoder(), cache)) == truth)
      // And what was made anew is good for the start after that.
      let encoder = HashingEncoder()
      #expect(Desk.decisions(Self.matcher(encoder, cache)) == truth)
      #expect(encoder.calls == Desk.questions.count(where: { !$0.isEmpty }) || encoder.calls > 0)
    }
  }

  @Test func `an encoder that joins later, and one that leaves, get what they would have got at once`() {
    let cache = MemoryModelCache()
    _ = Self.matcher(nil, cache)
    #expect(
      Desk.decisions(Self.matcher(HashingEncoder(), cache)) == Desk.decisions(Self.matcher(HashingEncoder(), nil)))
    #expect(Desk.decisions(Self.matcher(nil, cache)) == Desk.decisions(Self.matcher(nil, nil)))
  }

  @Test func `the table of another workspace, which the same encoder made since, is not taken for this one's`() {
    let cache = MemoryModelCache()
    _ = Self.matcher(HashingEncoder(), cache)
    var other = Desk.content(4)
    other.version = "other"
    _ = Matcher(other, encoders: [HashingEncoder()], cache: cache)
    #expect(
      Desk.decisions(Self.matcher(HashingEncoder(), cache)) == Desk.decisions(Self.matcher(HashingEncoder(), nil)))
  }
}
