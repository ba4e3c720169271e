import Foundation
import Support

/// Reads `matching` of the settings.
struct MatchingReader {
  let problems: ProblemLog

  private static let serviceKeys = ["url", "model", "dimension", "languages", "key"]

  func read(_ settings: YAMLMap) -> MatchingSettings {
    var matching = MatchingSettings()
    guard let map = settings.map("matching", what: "matching", keys: ["wrong_answers_at_most", "encoders"]) else {
      return matching
    }
    readShare(map, "wrong_answers_at_most").map { matching.wrongAnswersAtMost = $0 }
    // An empty list is a choice of its own: none.
    if map.entry("encoders") != nil { matching.encoders = readEncoders(map) }
    return matching
  }

  private func readEncoders(_ map: YAMLMap) -> [EncoderSettings] {
    var encoders: [EncoderSettings] = []
    for item in map.list("encoders", hint: " Write [minilm, use], or [] for none.") {
      guard let encoder = readEncoder(item) else { continue }
      if encoders.contains(where: { Self.isSame($0, encoder) }) {
        problems.error(at: item.location, "The encoder '\(encoder.name.clipped)' is listed twice.")
      } else {
        encoders.append(encoder)
      }
    }
    return encoders
  }

  /// `minilm`, `use`, or a map with the one key `service`.
  private func readEncoder(_ item: YAMLNode) -> EncoderSettings? {
    let models = EncoderSettings.InProcess.allCases.map(\.rawValue)
    if case .map = item.content {
      guard let map = YAMLMap(item, what: "an encoder", keys: ["service"], problems) else { return nil }
      guard map.holds("service") else {
        map.reportMissing("service")
        return nil
      }
      return map.map("service", what: "an embeddings service", keys: Self.serviceKeys).flatMap(readService)
    }
    guard let line = YAMLMap.text(of: item, "an item of 'encoders'", problems) else { return nil }
    if let model = EncoderSettings.InProcess(rawValue: line.text) { return .model(model) }
    let hint =
      line.text == "service"
      ? " A service needs its address: {service: {url: …, model: …}}."
      : NearMiss.hint(line.text, among: models)
    problems.error(
      at: line.location,
      "An encoder must be \((models + ["a service"]).alternatives); found '\(line.text.clipped)'.\(hint)")
    return nil
  }

  private func readService(_ map: YAMLMap) -> EncoderSettings? {
    let url = map.requiredServerAddress("url", secretKey: "key", mayHaveQuery: false)
    let model = map.requiredText("model", " Write the name that the service has for it.")
    let dimension = map.integer("dimension", in: 1...16_384)
    let languages = map.texts("languages").compactMap { line -> String? in
      if let tag = LanguageTag(line.text) { return tag.primary }
      problems.error(
        at: line.location,
        "An item of 'languages' must be a language tag such as en or pt; found '\(line.text.clipped)'.")
      return nil
    }
    let secrets = SecretSourceReader(
      problems: problems, sampleVariable: "GREENROOM_EMBEDDINGS_KEY", sampleFile: "secrets/embeddings-key")
    let key = map.has("key") ? secrets.read(map, "key") : nil
    guard let url, let model else { return nil }
    return .service(
      EmbeddingsServiceSettings(
        url: url, model: model.text.oneLine, dimension: dimension, languages: languages, key: key))
  }

  /// Vectors of one model are of one kind, whatever else is said about it.
  private static func isSame(_ one: EncoderSettings, _ other: EncoderSettings) -> Bool {
    switch (one, other) {
    case (.model(let one), .model(let other)): one == other
    case (.service(let one), .service(let other)): one.url == other.url && one.model == other.model
    default: false
    }
  }

  /// `0.03` or `3%`.
  private func readShare(_ map: YAMLMap, _ key: String) -> Double? {
    guard let line = map.text(key) else { return nil }
    let isPercent = line.text.hasSuffix("%")
    let number = isPercent ? line.text.dropLast().trimmingCharacters(in: .whitespaces) : line.text
    if let value = Double(number), value.isFinite, number.first != "0" || !number.lowercased().hasPrefix("0x") {
      let share = isPercent ? value / 100 : value
      if (0...1).contains(share) { return share }
    }
    problems.error(
      at: line.location, "'\(key)' must be a share from 0 to 1, such as 0.03 or 3%; found '\(line.text.clipped)'.")
    return nil
  }
}
