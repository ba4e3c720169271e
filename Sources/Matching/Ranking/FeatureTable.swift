import Retrieval
import Tensors

/// Numbers features through: an open hash table with linear probing, which is kept as it is and read in place.
struct FeatureTable: Sendable {
  /// By place; the places are a power of two.
  private let keys: TensorView<FeatureKey>
  /// By place; −1 where there is none.
  private let numbers: TensorView<Int32>

  fileprivate init(keys: TensorView<FeatureKey>, numbers: TensorView<Int32>) {
    self.keys = keys
    self.numbers = numbers
  }

  /// The number of a feature; nil where it has none.
  func number(of key: FeatureKey) -> Int? {
    let mask = keys.count - 1
    let (keys, numbers) = (keys.pointer, numbers.pointer)
    var place = FeatureTableBuilder.place(of: key, mask: mask)
    while numbers[place] >= 0 {
      if keys[place] == key { return Int(numbers[place]) }
      place = (place + 1) & mask
    }
    return nil
  }
}

/// Gives features their numbers, in the order in which they come.
struct FeatureTableBuilder {
  private(set) var count = 0
  private var keys: [FeatureKey]
  private var numbers: [Int32]

  init() {
    keys = [FeatureKey](repeating: 0, count: 64)
    numbers = [Int32](repeating: -1, count: 64)
  }

  /// The number of a feature, which gets one if it has none.
  mutating func number(of key: FeatureKey) -> Int {
    let mask = keys.count - 1
    var place = Self.place(of: key, mask: mask)
    while numbers[place] >= 0 {
      if keys[place] == key { return Int(numbers[place]) }
      place = (place + 1) & mask
    }
    keys[place] = key
    numbers[place] = Int32(count)
    count += 1
    // Half of the places stay empty, so that what is not there is found out at once.
    if count * 2 > keys.count { grow() }
    return count - 1
  }

  /// The features by number.
  var keysByNumber: [FeatureKey] {
    var found = [FeatureKey](repeating: 0, count: count)
    for (place, number) in numbers.enumerated() where number >= 0 { found[Int(number)] = keys[place] }
    return found
  }

  func finish() -> FeatureTable { FeatureTable(keys: TensorView(keys), numbers: TensorView(numbers)) }

  private mutating func grow() {
    let (oldKeys, oldNumbers) = (keys, numbers)
    keys = [FeatureKey](repeating: 0, count: oldKeys.count * 2)
    numbers = [Int32](repeating: -1, count: oldKeys.count * 2)
    let mask = keys.count - 1
    for (old, number) in oldNumbers.enumerated() where number >= 0 {
      var place = Self.place(of: oldKeys[old], mask: mask)
      while numbers[place] >= 0 { place = (place + 1) & mask }
      keys[place] = oldKeys[old]
      numbers[place] = number
    }
  }

  /// Fibonacci hashing: the keys' own lowest bits are those that n-grams share.
  fileprivate static func place(of key: FeatureKey, mask: Int) -> Int {
    Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 32) & mask
  }
}

extension FeatureTable {
  func add(to sections: inout NumberSections) {
    sections.add(keys)
    sections.add(numbers)
  }

  /// - Parameter count: how many numbers there are.
  /// - Throws: `KeptFileError` where looking a feature up might lead astray or never end.
  init(_ file: inout KeptFileReader, count: Int) throws {
    keys = try file.next(FeatureKey.self)
    numbers = try file.next(Int32.self, count: keys.count)
    let places = keys.count
    guard places > 0, places & (places - 1) == 0, places > count else { throw KeptFileError() }
    var used = 0
    var most: Int32 = -1
    for number in UnsafeBufferPointer(start: numbers.pointer, count: places) {
      used += number >= 0 ? 1 : 0
      most = max(most, number)
    }
    guard used == count, Int(most) < count else { throw KeptFileError() }
  }
}
