import Foundation
import HTTP
import JSON

/// Reads what an embeddings service answers. Nothing in the answer is trusted.
struct EmbeddingsReply {
  /// What is wrong with an answer, as the end of a sentence.
  struct Problem: Error, Hashable {
    var words: String
    init(_ words: String) { self.words = words }
  }

  /// More numbers than any model has.
  static let maximumDimension = 16_384

  /// - Parameters:
  ///   - count: how many texts were sent.
  ///   - dimension: how many numbers each vector must have; nil where that is not known yet.
  /// - Returns: the vectors in the order of the texts, each of length 1.
  static func vectors(_ body: [UInt8], count: Int, dimension: Int?) throws(Problem) -> [[Float]] {
    let json: JSONValue
    do {
      json = try JSONValue.parse(body)
    } catch {
      throw Problem("answered with something other than JSON")
    }
    guard let data = json["data"]?.array else { throw Problem("answered without a list 'data'") }
    guard data.count == count else {
      throw Problem("answered with \(data.count) vectors for \(count) texts")
    }
    var vectors = [[Float]?](repeating: nil, count: count)
    for item in data {
      guard let index = item["index"]?.int, vectors.indices.contains(index) else {
        throw Problem("answered with a vector that has no index, or one of no text")
      }
      guard vectors[index] == nil else { throw Problem("answered with two vectors for one text") }
      vectors[index] = try vector(
        item["embedding"], dimension: dimension ?? vectors.lazy.compactMap { $0 }.first?.count)
    }
    return vectors.compactMap { $0 }
  }

  private static func vector(_ value: JSONValue?, dimension: Int?) throws(Problem) -> [Float] {
    guard let numbers = value?.array else { throw Problem("answered with a vector that is no list of numbers") }
    guard !numbers.isEmpty, numbers.count <= maximumDimension else {
      throw Problem("answered with a vector of \(numbers.count) numbers")
    }
    if let dimension, dimension != numbers.count {
      throw Problem("answered with a vector of \(numbers.count) numbers, where others have \(dimension)")
    }
    var vector: [Float] = []
    vector.reserveCapacity(numbers.count)
    var squares = 0.0
    for number in numbers {
      guard let number = number.double, number.isFinite, number.magnitude < 1e18 else {
        throw Problem("answered with a vector that holds something other than a usual number")
      }
      squares += number * number
      vector.append(Float(number))
    }
    let length = squares.squareRoot()
    guard length > 1e-12 else { throw Problem("answered with a vector of nothing but zeros") }
    return vector.map { Float(Double($0) / length) }
  }
}
