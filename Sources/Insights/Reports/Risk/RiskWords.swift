import Support

/// What a `RiskPlot` says in words: for those who do not see it.
struct RiskWords {
  let plot: RiskPlot

  var subtitle: String {
    let asked = "\(Figure.count(plot.questions, "question")), \(Figure.count(plot.outOfScope)) of them out of scope"
    return plot.note.isEmpty ? asked : asked + " · " + ShownText.line(plot.note, limit: 70)
  }

  var description: String {
    var sentences = [
      "A curve over all thresholds. Across: the share of questions answered, 0 to 100 %. Up: the share of those answers that are wrong, questions out of scope that are answered among them.",
      "The line at \(Figure.percent(plot.bound)) is the bound.",
    ]
    sentences += plot.marks.map { Self.mark($0) + "." }
    let reached = stride(from: 0.1, through: 1.0, by: 0.1).compactMap { share -> String? in
      guard let point = plot.curve.first(where: { $0.answered >= share - 1e-9 }) else { return nil }
      return "\(Figure.percent(point.answered)): \(Figure.percent(point.wrong))"
    }
    if !reached.isEmpty { sentences.append("Answered and wrong: \(reached.joined(separator: "; ")).") }
    return sentences.joined(separator: " ")
  }

  static func mark(_ mark: RiskPlot.Mark) -> String {
    let name = ShownText.line(mark.name, limit: 40)
    guard mark.point.answered > 0 else { return "\(name): nothing answered" }
    return
      "\(name): \(Figure.percent(mark.point.answered)) answered, \(Figure.percent(mark.point.wrong)) of these wrong"
  }

  /// A tick of the scale, in percent, without its sign.
  static func tick(_ share: Double) -> String {
    let tenths = Int((share * 1000).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
