import Foundation
import Support
import Testing

@testable import Matching

@Suite struct LineIndexTests {
  private static let catalogue = Catalogue(Desk.content())
  private static let reader: WritingReader = {
    var reader = WritingReader(catalogue)
    reader.read()
    return reader
  }()
  private static let index = WorkspaceIndex(catalogue, reader)

  /// The same worked out the long way: a dictionary a text, in 64 bits.
  private struct Truth {
    var lines: [AnalyzedText]
    var counts: [FeatureKey: Double] = [:]

    init(_ lines: [AnalyzedText]) {
      self.lines = lines
      for line in lines {
        for feature in line.wordFeatures + line.characterFeatures { counts[feature.key, default: 0] += 1 }
      }
    }

    func vector(_ block: [AnalyzedText.Feature]) -> [FeatureKey: Double] {
      let weights = block.map { feature in
        let frequency = Double(lines.count) / (counts[feature.key] ?? 0.5)
        return (feature.key, (1 + log(max(Double(feature.frequency), 0.1))) * log(1 + frequency))
      }
      let length = weights.reduce(0) { $0 + $1.1 * $1.1 }.squareRoot()
      return Dictionary(uniqueKeysWithValues: weights.map { ($0.0, length > 0 ? $0.1 / length : 0) })
    }

    func likeness(_ one: AnalyzedText, _ other: AnalyzedText) -> Double {
      func product(_ one: [AnalyzedText.Feature], _ other: [AnalyzedText.Feature]) -> Double {
        let (one, other) = (vector(one), vector(other))
        return one.reduce(0) { $0 + $1.value * (other[$1.key] ?? 0) }
      }
      return product(one.wordFeatures, other.wordFeatures) / 2
        + product(one.characterFeatures, other.characterFeatures) / 2
    }
  }

  private static let texts = Desk.questions + ["the the the garage", "zzz", "badge"]

  @Test func `likenesses are the cosines of all lines, worked out one by one`() {
    let reader = Self.reader
    let lines = reader.lines.indices.map { reader.analysis(ofLine: $0) }
    let truth = Truth(lines)
    for text in Self.texts {
      let analyzed = reader.analyzer.analyze(text, language: "en")
      let found = Self.index.lines.likenesses(of: analyzed)
      for (line, likeness) in found.enumerated() {
        #expect(abs(Double(likeness) - truth.likeness(analyzed, lines[line])) < 1e-4)
      }
    }
  }

  @Test func `a line is like itself and like the middle of its topic`() {
    let reader = Self.reader
    for line in reader.lines.indices {
      let likenesses = Self.index.lines.likenesses(of: reader.analysis(ofLine: line))
      #expect(abs(likenesses[line] - 1) < 1e-4)
      let topic = reader.lines[line].topic
      guard topic >= 0 else { continue }
      let sum = reader.lines.indices.filter { reader.lines[$0].topic == topic }.reduce(0) { $0 + likenesses[$1] }
      let middle = Self.index.lines.likenessWithMiddle(of: topic, sum: sum)
      #expect(middle > 0.3 && middle < 1.0001)
    }
  }

  @Test func `a feature has the number it was given first, and one that was never given has none`() {
    var builder = FeatureTableBuilder()
    var truth: [FeatureKey: Int] = [:]
    var key: FeatureKey = 0
    // Keys of few different bits among them, and 0.
    for round in 0..<5_000 {
      key = round % 3 == 0 ? FeatureKey(round % 97) << 40 : key &* 6_364_136_223_846_793_005 &+ 1
      let number = builder.number(of: key)
      #expect(number == truth[key] ?? truth.count)
      truth[key] = number
    }
    #expect(builder.count == truth.count)
    for (number, key) in builder.keysByNumber.enumerated() { #expect(truth[key] == number) }
    let table = builder.finish()
    for (key, number) in truth { #expect(table.number(of: key) == number) }
    for key in (0..<2_000).map({ FeatureKey($0) << 33 | 1 }) where truth[key] == nil {
      #expect(table.number(of: key) == nil)
    }
    #expect(FeatureTableBuilder().finish().number(of: 0) == nil)
  }

  @Test func `coverage is BM25 over all that is written, worked out topic by topic`() {
    let texts: [[FeatureKey]] = [[1, 2, 2, 3], [2, 4], [], [5, 5, 5, 1, 1, 2, 9, 9]]
    let index = TopicIndex(texts)
    func text(_ stems: [FeatureKey]) -> AnalyzedText {
      AnalyzedText(
        words: [], compared: [], wordFeatures: [], stemKeys: stems, characterFeatures: [], language: nil, plainText: "",
        corrections: [])
    }
    let mean = Double(texts.reduce(0) { $0 + $1.count }) / 4
    for asked in [[1], [2, 2], [7], [5, 1, 2, 7], [], [9, 9, 9]] as [[FeatureKey]] {
      for own in [nil, 0, 3] {
        var all = 0.0
        var truth = [0.0, 0, 0, 0]
        for stem in Set(asked) {
          let having = Double(texts.count { $0.contains(stem) })
          let rarity = log(1 + (4 - having + 0.5) / (having + 0.5))
          all += rarity
          for topic in texts.indices {
            var count = Double(texts[topic].count { $0 == stem })
            if topic == own { count -= Double(asked.count { $0 == stem }) }
            guard count > 0 else { continue }
            truth[topic] += rarity * count / (count + 1.2 * (0.25 + 0.75 * Double(texts[topic].count) / mean))
          }
        }
        let found = index.coverage(of: text(asked), ownTopic: own)
        for topic in texts.indices {
          #expect(abs(Double(found[topic]) - (all > 0 ? min(1, truth[topic] / all) : 0)) < 1e-5)
        }
      }
    }
  }
}

@Suite struct TextAnalyzerTests {
  private let analyzer = TextAnalyzer(defaultLanguage: "xx", languages: [])

  @Test func `no n-gram has the key of a word`() {
    let letters = (UInt8(ascii: "a")...UInt8(ascii: "z")).map { String(UnicodeScalar($0)) }
    let words = letters.flatMap { one in letters.map { one + $0 + "s" } }
    let grams = Set(words.flatMap { analyzer.analyze("x\($0)y", language: nil).characterFeatures.map(\.key) })
    #expect(words.allSatisfy { !grams.contains(FeatureHash.key(of: $0, block: .word)) })
  }

  @Test func `n-grams of a word are those of three to five characters with its ends, each as often as it is there`() {
    let features = analyzer.analyze("nana", language: nil).characterFeatures
    // _na nan ana na_, _nan nana ana_, _nana nana_.
    #expect(features.count == 9 && features.allSatisfy { $0.frequency == 1 })
    #expect(features.map(\.key) == features.map(\.key).sorted())
    let twice = analyzer.analyze("nana nana", language: nil).characterFeatures
    #expect(twice.map(\.key) == features.map(\.key) && twice.allSatisfy { $0.frequency == 2 })
    #expect(analyzer.analyze("", language: nil).characterFeatures.isEmpty)
  }

  @Test func `scripts that write no spaces have shorter n-grams`() {
    // 東京 with its ends: two of them and three.
    #expect(analyzer.analyze("東京", language: nil).characterFeatures.count == 3 + 2)
  }

  @Test func `stems and pairs of stems, each as often as they are there`() {
    let features = analyzer.analyze("red red red car", language: nil).wordFeatures
    #expect(features.map(\.frequency).sorted() == [0.6, 1, 0.6 + 0.6, 3])
    #expect(features.map(\.key) == features.map(\.key).sorted())
  }

  @Test func `a text that is too long is read up to a point, and kept as it was`() {
    let long = String(repeating: "word ", count: 2_000)
    #expect(ReadText(long).words.count == ReadText.longest / 5)
    #expect(ReadText(long).text == long)
    #expect(analyzer.analyze(long, language: nil).plainText.count == ReadText.longest)
    // By characters, not by bytes.
    #expect(ReadText.cut(String(repeating: "é", count: 4_000)).count == 4_000)
  }
}
