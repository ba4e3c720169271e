import Support

/// A picture of what may go wrong: the share of wrong answers against the share answered, over all thresholds.
package struct RiskPlot: Sendable, Hashable {
  package struct Point: Sendable, Hashable {
    /// Share of the questions, 0…1.
    package var answered: Double
    /// Share of the answers, 0…1.
    package var wrong: Double

    package init(answered: Double, wrong: Double) {
      self.answered = answered
      self.wrong = wrong
    }
  }

  /// A point to be seen, with what it is in a few words.
  package struct Mark: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
      /// What is done.
      case chosen
      /// What could have been done by somebody who knew the answers.
      case hindsight
    }

    package var point: Point
    package var kind: Kind
    package var name: String

    package init(_ point: Point, _ kind: Kind, name: String) {
      self.point = point
      self.kind = kind
      self.name = name
    }
  }

  /// `answered` rises.
  package var curve: [Point]
  package var marks: [Mark]
  /// The share of answers that may be wrong, 0…1.
  package var bound: Double
  package var questions: Int
  package var outOfScope: Int
  /// Shown under the title, such as the workspace's name and version.
  package var note: String

  package init(
    curve: [Point], marks: [Mark], bound: Double, questions: Int, outOfScope: Int, note: String = ""
  ) {
    self.curve = curve.filter { $0.answered.isFinite && $0.wrong.isFinite }
    self.marks = marks.filter { $0.point.answered.isFinite && $0.point.wrong.isFinite }
    self.bound = bound.isFinite ? min(max(bound, 0), 1) : 0
    self.questions = questions
    self.outOfScope = outOfScope
    self.note = note
  }

  /// The whole file: SVG 1.1 with its own colours for light and dark, and nothing from elsewhere. The same figures give
  /// the same bytes.
  package var svg: String { "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + RiskDrawing(plot: self).svg.markup + "\n" }
}
