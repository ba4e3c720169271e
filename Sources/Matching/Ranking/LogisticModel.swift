import Foundation

/// Logistic regression with a Gaussian prior, fitted by Newton's method (iteratively re-weighted least squares;
/// Bishop 2006, §4.3.3).
struct LogisticModel: Sendable, Hashable, Codable {
  var weights: [Double]

  /// The log-odds.
  func score(_ vector: [Double]) -> Double {
    zip(weights, vector).reduce(0) { $0 + $1.0 * $1.1 }
  }

  func probability(_ vector: [Double]) -> Double { 1 / (1 + exp(-score(vector))) }

  struct Sample: Sendable {
    var vector: [Double]
    var isPositive: Bool
    var weight: Double
  }

  /// - Parameters:
  ///   - prior: where the weights are drawn to; all there is when there are no samples.
  ///   - strength: of the prior, as a precision: the higher, the more samples it takes to move away from it.
  ///   - floors: what each weight never falls below: evidence for something must not become evidence against it, however
  ///     odd a handful of samples is.
  static func fit(_ samples: [Sample], prior: LogisticModel, strength: Double, floors: [Double]) -> LogisticModel {
    var model = prior
    let size = prior.weights.count
    for _ in 0..<25 {
      var gradient = zip(prior.weights, model.weights).map { strength * ($0 - $1) }
      var hessian = [[Double]](repeating: [Double](repeating: 0, count: size), count: size)
      for index in 0..<size { hessian[index][index] = strength }
      for sample in samples {
        let probability = model.probability(sample.vector)
        let error = ((sample.isPositive ? 1 : 0) - probability) * sample.weight
        let curvature = max(probability * (1 - probability), 1e-6) * sample.weight
        for row in 0..<size {
          gradient[row] += error * sample.vector[row]
          for column in 0...row { hessian[row][column] += curvature * sample.vector[row] * sample.vector[column] }
        }
      }
      for row in 0..<size { for column in 0..<row { hessian[column][row] = hessian[row][column] } }
      guard let step = LinearSystem.solve(hessian, gradient) else { break }
      // A step longer than this comes from samples that a line separates; walk there instead of jumping.
      let length = step.map { $0 * $0 }.reduce(0, +).squareRoot()
      let scale = min(1, 4 / max(length, 1e-12))
      for index in 0..<size { model.weights[index] = max(model.weights[index] + scale * step[index], floors[index]) }
      if length < 1e-8 { break }
    }
    return model
  }
}
