import Support
import Yams

extension YAMLDocument {
  /// Reports a key that a map holds twice, and gives the text with the second one struck out, so that everything else
  /// that is wrong with the file is found in the same run. The parser says only where the first one stands.
  /// - Returns: nil when the second cannot be found.
  func strikingDuplicate(_ keys: [String], mark: Mark, strike: Unicode.Scalar, in text: String) -> String? {
    var lines = YAMLLines(text)
    let first = location(mark.line, mark.column)
    // The mark belongs to the smallest of the keys.
    guard let key = keys.min(), let second = secondPlace(of: key, after: mark, in: lines) else {
      problems.error(at: first, "A key of this map is given more than once; keep one of them.")
      return nil
    }
    problems.error(
      at: location(second.line, second.column),
      "The key '\(key)' is given twice in this map; the first is at line \(first.line), column \(first.column).")
    // Inside quotes the first character of the key, otherwise the key would not be read as one.
    let isQuoted = lines[second.line]?.dropFirst(second.column - 1).first.map { $0 == "'" || $0 == "\"" } ?? false
    lines.replace(line: second.line, column: second.column + (isQuoted ? 1 : 0), with: strike)
    return lines.text
  }

  private func secondPlace(of key: String, after mark: Mark, in lines: YAMLLines) -> (line: Int, column: Int)? {
    guard !key.isEmpty else { return nil }
    let spellings = [key, "'\(key)'", "\"\(key)\""].map { Array($0.unicodeScalars) }
    // Further down in the same column: a map in lines.
    var number = mark.line + 1
    while let line = lines[number] {
      let indentation = line.prefix { $0 == " " }.count
      let isBlank = indentation == line.count || line[indentation] == "#"
      if !isBlank, indentation < mark.column - 1 { break }
      if indentation == mark.column - 1, isKey(spellings, in: line, at: indentation) { return (number, mark.column) }
      number += 1
    }
    // Later on the line, or on the lines that follow: a map in braces.
    number = mark.line
    var from = mark.column
    while let line = lines[number], number < mark.line + 200 {
      for column in line.indices.dropFirst(from) where isKey(spellings, in: line, at: column) {
        let before = line[..<column].last { $0 != " " && $0 != "\t" }
        if before == nil || before == "," || before == "{" { return (number, column + 1) }
      }
      number += 1
      from = 0
    }
    return nil
  }

  private func isKey(_ spellings: [[Unicode.Scalar]], in line: [Unicode.Scalar], at column: Int) -> Bool {
    spellings.contains { spelling in
      let rest = line[column...]
      guard rest.starts(with: spelling) else { return false }
      return rest.dropFirst(spelling.count).first { $0 != " " } == ":"
    }
  }
}
