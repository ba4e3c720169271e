package import Support

extension ChannelGuide {
  /// Keys that are not asked for and yet are no plain text.
  private static let lists: [String: Question.Form] = [
    "rooms": .rooms, "invites_from": .words, "ignore_senders": .words,
  ]

  /// Takes one `key=value` that was given instead of an answer.
  package func set(_ key: String, to value: String, in draft: inout ChannelDraft) throws(Question.Problem) {
    guard !["name", "type"].contains(key) else {
      throw Question.Problem(description: "'\(key)' is given by the command's own arguments.")
    }
    guard secret?.ways.contains(where: { $0.key == key }) != true else {
      throw Question.Problem(
        description: "'\(key)' is a secret, and must not stand on a command line: use --secret-file or --secret-env.")
    }
    let question =
      questions.first { $0.key == key }
      ?? Question(key: key, text: key, form: Self.lists[key] ?? .text, sample: "")
    do throws(Question.Problem) {
      guard let read = try question.value(of: value) else {
        throw Question.Problem(description: "'\(key)' is empty: leave it out, or give it a value.")
      }
      draft[key] = read
    } catch {
      throw Question.Problem(description: "\(key): \(error.description)")
    }
  }

  /// What has to be known and is not.
  package func missing(in draft: ChannelDraft) -> [Question] {
    questions.filter { $0.isRequired && draft[$0.key] == nil }
  }

  /// In the order in which the guide asks, with what was not asked for last.
  package func inOrder(_ draft: ChannelDraft) -> ChannelDraft {
    var ordered = ChannelDraft(name: draft.name, type: draft.type)
    for part in parts {
      switch part {
      case .question(let question): ordered[question.key] = draft[question.key]
      case .secret(let secret):
        for key in secret.ways.compactMap(\.key) where ordered[key] == nil { ordered[key] = draft[key] }
      case .step, .paste: break
      }
    }
    for field in draft.fields where ordered[field.key] == nil { ordered[field.key] = field.value }
    return ordered
  }
}

extension ChannelGuide.SecretQuestion {
  /// By the name that people choose it by.
  package func way(_ name: String) -> Way? { ways.first { $0.name == name } }
}

extension ChannelGuide.SecretQuestion.Way {
  /// Says in the draft where the secret is kept.
  package func put(_ source: SecretSource, into draft: inout ChannelDraft, among ways: [Self]) {
    for way in ways { if let key = way.key { draft[key] = nil } }
    guard let key else { return }
    draft[key] = keyBelow.map { .secretBelow($0, source) } ?? .secret(source)
  }
}
