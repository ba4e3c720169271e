import Foundation

/// From the signals of several topics to which of them is meant: a conditional logit (McFadden 1974), with a Gaussian prior,
/// fitted by Newton's method. Topics of one question compete; what they have in common says nothing.
struct TopicModel: Sendable, Hashable, Codable {
  var weights: [Double]

  func score(_ vector: [Double]) -> Double { zip(weights, vector).reduce(0) { $0 + $1.0 * $1.1 } }

  struct Choice: Sendable {
    /// One a topic.
    var vectors: [[Double]]
    /// Which of them is meant.
    var meant: Int
    var weight: Double
  }

  /// Evidence for something never becomes evidence against it: weights stay at 0 or above.
  /// - Parameter strength: of the prior, as a precision.
  static func fit(_ choices: [Choice], prior: [Double], strength: Double) -> TopicModel {
    var weights = prior
    let size = prior.count
    for _ in 0..<30 {
      var gradient = zip(prior, weights).map { strength * ($0 - $1) }
      var hessian = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
      for index in 0..<size { hessian[index][index] = strength }
      for choice in choices {
        let model = TopicModel(weights: weights)
        let scores = choice.vectors.map(model.score)
        let highest = scores.max() ?? 0
        let likelihoods = scores.map { exp($0 - highest) }
        let total = likelihoods.reduce(0, +)
        var mean = [Double](repeating: 0, count: size)
        for (likelihood, vector) in zip(likelihoods, choice.vectors) {
          for index in 0..<size { mean[index] += likelihood / total * vector[index] }
        }
        for index in 0..<size { gradient[index] += choice.weight * (choice.vectors[choice.meant][index] - mean[index]) }
        for (likelihood, vector) in zip(likelihoods, choice.vectors) {
          let share = choice.weight * likelihood / total
          guard share > 1e-9 else { continue }
          for row in 0..<size {
            let apart = share * (vector[row] - mean[row])
            for column in 0...row { hessian[row][column] += apart * (vector[column] - mean[column]) }
          }
        }
      }
      for row in 0..<size { for column in 0..<row { hessian[column][row] = hessian[row][column] } }
      guard let step = LinearSystem.solve(hessian, gradient) else { break }
      let length = step.map { $0 * $0 }.reduce(0, +).squareRoot()
      let scale = min(1, 6 / max(length, 1e-12))
      var moved = 0.0
      for index in 0..<size {
        let next = max(weights[index] + scale * step[index], 0)
        moved = max(moved, abs(next - weights[index]))
        weights[index] = next
      }
      if moved < 1e-7 { break }
    }
    return TopicModel(weights: weights)
  }
}
