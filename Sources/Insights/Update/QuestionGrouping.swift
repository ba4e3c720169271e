/// Puts questions that ask much the same together, by the words that they share.
///
/// The method is the offline star algorithm (Aslam, Pelekhov, Rus: "The Star Clustering Algorithm", 2004): the question
/// with the most in common with others becomes the centre of a group of all that are like it, then the most central one
/// of those left, and so on. Unlike with chains, each member is like the centre, whose text can stand for the group.
/// Everything is counted in whole numbers, so that no order and no machine changes the outcome.
struct QuestionGrouping {
  /// Groups as places in the list of questions: the centre first, then the others by how near they are to it.
  private(set) var groups: [[Int]] = []

  private let questions: [WeightedQuestion]
  private let vocabulary: Vocabulary
  /// Word to the questions it is in, rising.
  private var postings: [Int: [Int]] = [:]

  /// Comparing each with each grows with the square: only so many become centres of their own.
  static let compared = 2000

  /// From this likeness on, in thousandths, two questions ask the same.
  static let alike = 550

  struct WeightedQuestion {
    /// Places in the vocabulary, rising, each once.
    var words: [Int]
    /// How often it was asked.
    var count: Int
  }

  /// - Parameter questions: different ones, the most asked first; ties in an order that depends on nothing but them.
  init(_ questions: [WeightedQuestion], vocabulary: Vocabulary) {
    self.questions = questions
    self.vocabulary = vocabulary
    let compared = questions.indices.prefix(Self.compared)
    for place in compared {
      for word in questions[place].words { postings[word, default: []].append(place) }
    }
    var neighbours: [[Int: Int]] = []
    for place in compared { neighbours.append(likeness(of: place)) }
    let centrality = compared.map { place in
      neighbours[place].reduce(questions[place].count * 1000) { $0 + $1.value * questions[$1.key].count }
    }
    var group = [Int?](repeating: nil, count: compared.count)
    for centre in compared.sorted(by: { (-centrality[$0], $0) < (-centrality[$1], $1) }) where group[centre] == nil {
      let members = neighbours[centre].filter { group[$0.key] == nil && $0.key != centre }
        .sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.map(\.key)
      for member in [centre] + members { group[member] = groups.count }
      groups.append([centre] + members)
    }
    join(questions.indices.dropFirst(Self.compared), group: group)
  }

  /// Those beyond what is compared go to the group of the question most like them, or stay alone.
  private mutating func join(_ rest: Range<Int>, group: [Int?]) {
    for place in rest {
      let nearest = likeness(of: place).min { (-$0.value, $0.key) < (-$1.value, $1.key) }
      if let nearest, let group = group[nearest.key] {
        groups[group].append(place)
      } else {
        groups.append([place])
      }
    }
  }

  /// The compared questions that are like this one: place to likeness, in thousandths.
  ///
  /// Likeness is the mean of Dice's coefficient and of the overlap (Szymkiewicz–Simpson), both over the words' weights:
  /// the one asks how much of the two is the same, the other whether the short question is in the long one.
  private func likeness(of place: Int) -> [Int: Int] {
    var shared: [Int: (weight: Int, count: Int)] = [:]
    for word in questions[place].words {
      for other in postings[word] ?? [] where other != place {
        shared[other, default: (0, 0)].weight += vocabulary.weight(word)
        shared[other, default: (0, 0)].count += 1
      }
    }
    let words = questions[place].words
    let own = vocabulary.weight(words)
    return shared.reduce(into: [:]) { like, entry in
      let otherWords = questions[entry.key].words
      // One word alone is a topic, not a question: "payout?" must not draw in all that is asked about payouts.
      guard entry.value.count >= 2 || words == otherWords else { return }
      let other = vocabulary.weight(otherWords)
      let likeness =
        (2000 * entry.value.weight / (own + other) + 1000 * entry.value.weight / min(own, other)) / 2
      if likeness >= Self.alike { like[entry.key] = likeness }
    }
  }
}
