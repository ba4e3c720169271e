package import Support

/// The phrases that come with the program, so that a workspace without any speaks twelve languages.
package enum ShippedPhrases {
  /// One a language, by language tag.
  package static let all: [Phrases] = read().phrases

  /// What is wrong with the shipped files: nothing, as a test holds.
  package static var problems: [Problem] { read().problems }

  private static let files: [(name: String, bytes: [UInt8])] = [
    ("ar", PackageResources.ar_yml), ("de", PackageResources.de_yml), ("en", PackageResources.en_yml),
    ("es", PackageResources.es_yml), ("fr", PackageResources.fr_yml), ("id", PackageResources.id_yml),
    ("ja", PackageResources.ja_yml), ("ko", PackageResources.ko_yml), ("pt", PackageResources.pt_yml),
    ("th", PackageResources.th_yml), ("tr", PackageResources.tr_yml), ("vi", PackageResources.vi_yml),
  ]

  private static func read() -> (phrases: [Phrases], problems: [Problem]) {
    let problems = ProblemLog()
    let reader = PhrasesReader(problems: problems)
    let phrases = files.compactMap { file in
      SourceText(bytes: file.bytes, file: "phrases/\(file.name).yml", problems).flatMap(reader.read)?.phrases
    }
    return (phrases, problems.sorted)
  }

  /// The shipped phrases, those of a workspace over them key by key, by language tag.
  static func overridden(by own: [Phrases]) -> [Phrases] {
    var byLanguage = Dictionary(all.map { ($0.language, $0) }) { first, _ in first }
    for phrases in own {
      byLanguage[phrases.language] = byLanguage[phrases.language].map { $0.overridden(by: phrases) } ?? phrases
    }
    return byLanguage.sorted { $0.key < $1.key }.map(\.value)
  }
}
