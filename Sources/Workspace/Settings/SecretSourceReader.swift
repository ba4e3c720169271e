import Support

/// Reads where a secret is kept: `{env: NAME}` or `{file: PATH}`.
struct SecretSourceReader {
  let problems: ProblemLog
  /// An environment variable that would be a good name here.
  let sampleVariable: String
  /// A file that would be.
  let sampleFile: String

  init(problems: ProblemLog, sampleVariable: String = "GREENROOM_TOKEN", sampleFile: String = "secrets/token") {
    self.problems = problems
    self.sampleVariable = sampleVariable
    self.sampleFile = sampleFile
  }

  /// Never repeats what it finds: it may be the secret.
  func read(_ map: YAMLMap, _ key: String) -> SecretSource? {
    let advice = "name an environment variable, {env: \(sampleVariable)}, or a file, {file: \(sampleFile)}"
    guard let node = map.entryQuietly(key) else {
      problems.error(at: map.keyLocation(key) ?? map.location, "'\(key)' is empty: \(advice).")
      return nil
    }
    guard case .map(let entries) = node.content else {
      problems.error(at: node.location, "A secret must not stand in this file: \(advice).")
      return nil
    }
    guard entries.count == 1, let entry = entries.first, ["env", "file"].contains(entry.key) else {
      let odd = entries.first { !["env", "file"].contains($0.key) } ?? entries.dropFirst().first
      problems.error(at: odd?.keyLocation ?? node.location, "'\(key)' takes one of 'env' and 'file': \(advice).")
      return nil
    }
    guard let value = YAMLMap.text(of: entry.value, "'\(entry.key)'", problems) else { return nil }
    if entry.key == "file" { return .file(value.text) }
    let isVariable =
      value.text.first.map { $0.isASCII && ($0.isLetter || $0 == "_") } == true
      && value.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    guard isVariable else {
      problems.error(
        at: value.location,
        "'env' must be the name of an environment variable, such as \(sampleVariable), not its value.")
      return nil
    }
    return .environment(value.text)
  }
}
