import Support
import Yams

extension YAMLDocument {
  /// Says what the YAML parser stumbled over, in an author's words where the cause is a usual one.
  func report(_ error: any Error, in text: String) {
    switch error as? YamlError {
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      var place = mark
      // An open quote is noticed at the end of the file and mended where it opens.
      if let context, context.text.contains("quoted scalar") || context.text.contains("flow") { place = context.mark }
      problems.error(at: location(place.line, place.column), message(problem, context?.text, at: mark, in: text))
    case .memory:
      problems.error(at: location(1, 1), "This is not valid YAML: values are nested too deeply.")
    default:
      problems.error(at: location(1, 1), "This is not valid YAML.")
    }
  }

  private func message(_ problem: String, _ context: String?, at mark: Mark, in text: String) -> String {
    let said = context.map { "\(problem) \($0)" } ?? problem
    if problem.contains("another document") {
      return "A second YAML document begins here; keep one document in a file."
    }
    if problem.contains("nesting level") {
      return "This is not valid YAML: values are nested too deeply."
    }
    if problem.contains("undefined alias") || context?.contains("scanning an alias") == true {
      return "No anchor has this name; text that begins with * needs quotes."
    }
    if problem.contains("mapping values are not allowed") {
      return "This is not valid YAML: text that holds ': ' needs quotes, and keys of one map the same indentation."
    }
    if problem.contains("cannot start any token") {
      switch character(at: mark, in: text) {
      case "\t": return "This is not valid YAML: a tab cannot indent; use spaces."
      case let found?: return "This is not valid YAML: text that begins with \(found) needs quotes."
      case nil: break
      }
    }
    return "This is not valid YAML: \(said)."
  }

  private func character(at mark: Mark, in text: String) -> Unicode.Scalar? {
    let lines = YAMLLines(text)
    guard let line = lines[mark.line] else { return nil }
    return line.dropFirst(mark.column - 1).first
  }
}

/// The lines of a YAML text, numbered from 1 as the parser numbers them.
struct YAMLLines {
  private(set) var lines: [[Unicode.Scalar]] = [[]]
  /// What ended each line.
  private(set) var breaks: [String] = []

  init(_ text: String) {
    var previous: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n" where previous == "\r":
        breaks[breaks.count - 1] = "\r\n"
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        breaks.append(String(Character(scalar)))
        lines.append([])
      default:
        lines[lines.count - 1].append(scalar)
      }
      previous = scalar
    }
  }

  subscript(line: Int) -> [Unicode.Scalar]? {
    lines.indices.contains(line - 1) ? lines[line - 1] : nil
  }

  /// Puts a scalar in the place of another.
  mutating func replace(line: Int, column: Int, with scalar: Unicode.Scalar) {
    guard lines.indices.contains(line - 1), lines[line - 1].indices.contains(column - 1) else { return }
    lines[line - 1][column - 1] = scalar
  }

  var text: String {
    var text = String.UnicodeScalarView()
    for (index, line) in lines.enumerated() {
      text.append(contentsOf: line)
      if index < breaks.count { text.append(contentsOf: breaks[index].unicodeScalars) }
    }
    return String(text)
  }
}
