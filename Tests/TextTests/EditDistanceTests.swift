import TestSupport
import Testing
import Text

struct EditDistanceTests {
  @Test(arguments: [
    ("", "", 0), ("payout", "payout", 0), ("payout", "payot", 1), ("payout", "payoutt", 1), ("payout", "paxout", 1),
    ("payout", "pyaout", 1), ("ca", "abc", 3), ("kitten", "sitting", 3), ("", "abc", 3), ("añb", "anb", 1),
  ])
  func knownDistances(first: String, second: String, distance: Int) {
    #expect(EditDistance.isWithin(distance, first, second))
    #expect(!EditDistance.isWithin(distance - 1, first, second))
    #expect(EditDistance.distance(Array(first.unicodeScalars), Array(second.unicodeScalars), limit: 100) == distance)
  }

  @Test func aNegativeLimitIsNeverMet() {
    #expect(!EditDistance.isWithin(-1, "a", "a"))
    #expect(!EditDistance.isWithin(Int.min, "", ""))
  }

  @Test func theLargestLimitIsMetByAnything() {
    #expect(EditDistance.isWithin(Int.max, "abc", ""))
    #expect(EditDistance.isWithin(Int.max, "abc", "xyz"))
  }

  @Test func agreesWithTheFullTable() {
    var generator = SeededGenerator(seed: 10)
    let letters = Array("abc".unicodeScalars)
    func word() -> [Unicode.Scalar] {
      (0..<Int.random(in: 0...9, using: &generator)).compactMap { _ in letters.randomElement(using: &generator) }
    }
    for _ in 0..<4000 {
      let (first, second) = (word(), word())
      let expected = fullTable(first, second)
      for limit in 0...10 {
        #expect(EditDistance.distance(first, second, limit: limit) == (expected <= limit ? expected : nil))
        #expect(EditDistance.isWithin(limit, first, second) == (expected <= limit))
      }
    }
  }

  @Test func wordsOfAMegabyteAreComparedAtOnce() {
    let first = String(repeating: "ab", count: 250_000)
    #expect(EditDistance.isWithin(2, "x" + first, first + "y"))
    #expect(!EditDistance.isWithin(2, first, String(repeating: "ba", count: 250_000) + "zzz"))
  }

  /// Every cell, straight from the definition.
  private func fullTable(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Int {
    var table = [[Int]](repeating: [Int](repeating: 0, count: second.count + 1), count: first.count + 1)
    for row in 0...first.count {
      for column in 0...second.count {
        guard row > 0, column > 0 else {
          table[row][column] = row + column
          continue
        }
        let cost = first[row - 1] == second[column - 1] ? 0 : 1
        var best = min(table[row - 1][column] + 1, table[row][column - 1] + 1, table[row - 1][column - 1] + cost)
        if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
          best = min(best, table[row - 2][column - 2] + 1)
        }
        table[row][column] = best
      }
    }
    return table[first.count][second.count]
  }
}
