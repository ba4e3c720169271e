import Foundation
import Testing

@testable import Insights

@Suite struct `Plot of wrong answers against share answered` {
  static let curve = (1...100).map { step in
    RiskPlot.Point(answered: Double(step) / 100, wrong: 0.3 * Double(step * step) / 10_000)
  }

  static let plot = RiskPlot(
    curve: curve,
    marks: [
      .init(.init(answered: 0.34, wrong: 0.031), .chosen, name: "as decided"),
      .init(.init(answered: 0.4, wrong: 0.048), .hindsight, name: "most, in hindsight"),
    ], bound: 0.05, questions: 1265, outOfScope: 51, note: "Starlight Network, version 1a2b3c")

  @Test func `the file says what it shows to those who do not see it`() {
    let svg = Self.plot.svg
    #expect(svg.contains("role=\"img\" aria-labelledby=\"risk-title risk-desc\""))
    #expect(svg.contains("<title id=\"risk-title\">Wrong answers against share answered</title>"))
    #expect(svg.contains("The line at 5.0 % is the bound."))
    #expect(svg.contains("as decided: 34.0 % answered, 3.1 % of these wrong."))
    #expect(svg.contains("most, in hindsight: 40.0 % answered, 4.8 % of these wrong."))
    #expect(svg.contains("Answered and wrong: 10.0 %: 0.3 %;"))
    #expect(svg.contains("1,265 questions, 51 of them out of scope · Starlight Network, version 1a2b3c"))
  }

  @Test func `axes have names, units and numbers`() {
    let svg = Self.plot.svg
    #expect(svg.contains(">share of questions answered, %</text>"))
    #expect(svg.contains(">wrong, % of answers</text>"))
    for number in [0, 20, 40, 60, 80, 100] { #expect(svg.contains("text-anchor=\"middle\">\(number)</text>")) }
    for number in [0, 5, 10, 15, 20, 25, 30] { #expect(svg.contains("text-anchor=\"end\">\(number)</text>")) }
  }

  @Test func `nothing is fetched from elsewhere and both schemes are there`() {
    let svg = Self.plot.svg
    for outside in ["href", "url(", "@import", "<script", "<image", "src="] { #expect(!svg.contains(outside)) }
    // The one address is the name of the format.
    #expect(svg.components(separatedBy: "http").count == 2)
    #expect(svg.contains("prefers-color-scheme: dark"))
  }

  @Test func `points lie where their figures say`() {
    let one = RiskPlot(
      curve: [.init(answered: 0.5, wrong: 0.1), .init(answered: 1, wrong: 0.2)], marks: [], bound: 0.05, questions: 2,
      outOfScope: 0)
    // Across 74…776, up 428…92; the scale ends at 20 %.
    #expect(one.svg.contains("points=\"425.0,260.0 776.0,92.0\""))
    #expect(one.svg.contains("<line class=\"bound\" x1=\"74.0\" x2=\"776.0\" y1=\"344.0\" y2=\"344.0\"/>"))
  }

  @Test func `a name that is markup stays text`() throws {
    var plot = Self.plot
    plot.note = "</text><script>alert(1)</script>\u{202E}\u{1B}[31m"
    plot.marks[0].name = "\"><g onload=x & y"
    #expect(!plot.svg.contains("<script"))
    #expect(!plot.svg.contains("<g onload"))
    #expect(!plot.svg.contains("\u{1B}") && !plot.svg.contains("\u{202E}"))
    try Self.checkTags(plot.svg)
  }

  @Test(arguments: [0.0, 0.001, 0.03, 0.05, 0.5, 1, .nan, -1, 7])
  func `any bound can be drawn`(bound: Double) throws {
    let plot = RiskPlot(
      curve: Self.curve, marks: Self.plot.marks, bound: bound, questions: 9, outOfScope: 0)
    #expect(!plot.svg.contains("nan") && !plot.svg.contains("–\""))
    try Self.checkTags(plot.svg)
  }

  @Test func `no question, nothing found, nothing answered, and what is no number`() throws {
    let empty = RiskPlot(curve: [], marks: [], bound: 0.05, questions: 0, outOfScope: 0)
    #expect(empty.svg.contains("Nothing was found for any question."))
    #expect(empty.svg.contains(">0 questions, 0 of them out of scope<"))
    try Self.checkTags(empty.svg)
    let odd = RiskPlot(
      curve: [.init(answered: .nan, wrong: 0), .init(answered: 0.5, wrong: .infinity), .init(answered: 2, wrong: -1)],
      marks: [.init(.init(answered: 0, wrong: 0), .chosen, name: "as decided")], bound: 0.05, questions: 3,
      outOfScope: 3)
    #expect(odd.svg.contains("as decided: nothing answered"))
    try Self.checkTags(odd.svg)
  }

  @Test func `the same figures give the same bytes`() {
    #expect(Self.plot.svg == Self.plot.svg)
    #expect(Self.plot.svg.hasPrefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg "))
  }

  /// Every tag that opens closes, in order.
  static func checkTags(_ svg: String) throws {
    var open: [Substring] = []
    for piece in svg.split(separator: "<").dropFirst() {
      let tag = try #require(piece.split(separator: ">", omittingEmptySubsequences: false).first)
      if tag.hasPrefix("?") || tag.hasSuffix("/") { continue }
      let name = tag.drop { $0 == "/" }.prefix { $0.isLetter }
      if tag.hasPrefix("/") {
        #expect(open.popLast() == name)
      } else {
        open.append(name)
      }
    }
    #expect(open.isEmpty)
  }
}
