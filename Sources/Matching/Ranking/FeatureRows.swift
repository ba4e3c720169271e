import Foundation

/// What lines are made of: features by number, a line after the other, words first and then characters.
struct FeatureRows {
  private(set) var table = FeatureTableBuilder()
  /// By feature: how many lines have it.
  private(set) var lineCounts: [Int32] = []
  private(set) var numbers: [Int32] = []
  private(set) var frequencies: [Float] = []
  /// By line, where its words end and its characters begin.
  private var middles: [Int] = []
  /// By line, where it ends.
  private var ends: [Int] = []

  var lineCount: Int { ends.count }

  mutating func add(_ text: AnalyzedText) {
    add(text.wordFeatures)
    middles.append(numbers.count)
    add(text.characterFeatures)
    ends.append(numbers.count)
  }

  private mutating func add(_ features: [AnalyzedText.Feature]) {
    for feature in features {
      let number = table.number(of: feature.key)
      if number == lineCounts.count { lineCounts.append(0) }
      lineCounts[number] += 1
      numbers.append(Int32(number))
      frequencies.append(feature.frequency)
    }
  }

  /// Where a line's words and characters are.
  func blocks(of line: Int) -> (words: Range<Int>, characters: Range<Int>) {
    (words: (line > 0 ? ends[line - 1] : 0)..<middles[line], characters: middles[line]..<ends[line])
  }
}
