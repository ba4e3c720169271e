extension StyledText {
  /// What is written in one go where links hold no marks of their own.
  enum Part {
    case words(Run)
    /// All runs of one link.
    case link(address: String, [Run])
  }

  var parts: [Part] {
    var parts: [Part] = []
    for run in runs {
      guard let address = run.address else {
        parts.append(.words(run))
        continue
      }
      if case .link(address, let runs)? = parts.last {
        parts[parts.count - 1] = .link(address: address, runs + [run])
      } else {
        parts.append(.link(address: address, [run]))
      }
    }
    return parts
  }
}

extension StyledText.Run {
  /// Where it leads to; nil where it is no link.
  var address: String? {
    for case .link(let address) in styles where !address.isEmpty { return address }
    return nil
  }
}

extension [StyledText.Style] {
  /// What stands before words of these styles, in order and once each; the same in reverse stands behind them.
  func marks(bold: String, italic: String, strikethrough: String) -> [String] {
    var marks: [String] = []
    for style in self {
      let mark: String? =
        switch style {
        case .bold: bold
        case .italic: italic
        case .strikethrough: strikethrough
        case .code, .codeBlock, .quote, .link: nil
        }
      if let mark, !marks.contains(mark) { marks.append(mark) }
    }
    return marks
  }
}

extension [StyledText.Run] {
  /// What all of them are.
  var sharedStyles: [StyledText.Style] {
    dropFirst().reduce(first?.styles ?? []) { shared, run in shared.filter { run.styles.contains($0) } }
  }
}
