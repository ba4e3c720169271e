import Foundation

/// Made-up articles and questions about them, the same for the same seed: a Zipf vocabulary of 200,000 words, each article
/// a mixture of two of 400 topics and of general words, with a title, questions and a body of 60 to 120 words in all.
struct Corpus {
  static let vocabulary = 200_000
  private static let topics = 400
  private static let topicWords = 1_500

  private var generator: SplitMix
  /// Sums of 1 / (rank + 2.7), for drawing by halves.
  private let general: [Double]
  private let topical: [Double]
  private let topicOrder: [[UInt32]]

  init(seed: UInt64) {
    generator = SplitMix(state: seed)
    func sums(_ count: Int) -> [Double] {
      var sum = 0.0
      return (0..<count).map { rank in
        sum += 1 / (Double(rank) + 2.7)
        return sum
      }
    }
    general = sums(Self.vocabulary)
    topical = sums(Self.topicWords)
    var generator = generator
    topicOrder = (0..<Self.topics).map { _ in
      (0..<Self.topicWords).map { _ in UInt32(300 + generator.below(Self.vocabulary - 300)) }
    }
    self.generator = generator
  }

  /// The words of the next article: its title, its questions and its body.
  mutating func article() -> [UInt32] {
    let first = generator.below(Self.topics)
    let second = generator.below(Self.topics)
    let length = 60 + generator.below(61)
    var words: [UInt32] = []
    words.reserveCapacity(length)
    let title = 4 + generator.below(6)
    for place in 0..<length {
      let draw = generator.unit()
      // What an article is about is said in its title, and again in its questions and its body.
      if place > title, draw < 0.08 {
        words.append(words[generator.below(title)])
      } else if draw < 0.40 {
        words.append(topicOrder[draw < 0.30 ? first : second][Self.draw(topical, &generator)])
      } else {
        words.append(UInt32(Self.draw(general, &generator)))
      }
    }
    return words
  }

  /// Three to twelve words of an article, now and then one exchanged for another.
  mutating func question(about article: [UInt32]) -> [UInt32] {
    (0..<(3 + generator.below(10))).map { _ in
      generator.unit() < 0.1 ? UInt32(Self.draw(general, &generator)) : article[generator.below(article.count)]
    }
  }

  mutating func below(_ bound: Int) -> Int { generator.below(bound) }

  private static func draw(_ sums: [Double], _ generator: inout SplitMix) -> Int {
    let goal = generator.unit() * (sums.last ?? 0)
    var low = 0
    var high = sums.count - 1
    while low < high {
      let middle = (low + high) / 2
      if sums[middle] < goal { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// A word of letters for a number.
  static func spelling(of word: UInt32) -> String {
    let consonants = Array("bdfgklmnprstvz")
    let vowels = Array("aeiou")
    var rest = Int(word) + 70
    var letters = ""
    while rest > 0 {
      letters.append(consonants[rest % 14])
      rest /= 14
      letters.append(vowels[rest % 5])
      rest /= 5
    }
    return letters
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func unit() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
}
