package import Support

/// Walks a person through a channel's guide: tells, asks, tests, and lets them put right what is missing. It writes nothing.
package struct SetUpDialogue: Sendable {
  package struct Outcome: Sendable {
    package var draft: ChannelDraft
    /// What is still to be put where the draft says that it is; nil where it is there.
    package var newSecret: Secret?

    package init(draft: ChannelDraft, newSecret: Secret? = nil) {
      self.draft = draft
      self.newSecret = newSecret
    }
  }

  let guide: ChannelGuide
  let prompter: any SetUpPrompter
  let environment: [String: String]
  let secretFile: @Sendable (String) -> String
  let problems: @Sendable (ChannelDraft) -> [ChannelDraftProblem]
  let findings: @Sendable (ChannelDraft, Secret?) async throws -> [ChannelFinding]

  /// - Parameters:
  ///   - environment: of the process, where secrets may be already.
  ///   - secretFile: where a secret of the channel of that name would be kept, as `greenroom.yml` says it.
  ///   - problems: what `greenroom.yml` would have against a draft.
  ///   - findings: tests a draft with a secret that is in no file yet.
  package init(
    guide: ChannelGuide, prompter: any SetUpPrompter, environment: [String: String],
    secretFile: @escaping @Sendable (String) -> String,
    problems: @escaping @Sendable (ChannelDraft) -> [ChannelDraftProblem],
    findings: @escaping @Sendable (ChannelDraft, Secret?) async throws -> [ChannelFinding]
  ) {
    self.guide = guide
    self.prompter = prompter
    self.environment = environment
    self.secretFile = secretFile
    self.problems = problems
    self.findings = findings
  }

  /// - Parameters:
  ///   - draft: what is known already is not asked.
  ///   - name: asked for where it is nil.
  ///   - known: the secret, where it was given; the draft says where it is kept.
  /// - Returns: nil where the person would rather not add it.
  /// - Throws: `SetUpAbandoned`, or `CancellationError`.
  package func run(_ draft: ChannelDraft, name: String?, secret known: Secret? = nil) async throws -> Outcome? {
    var outcome = Outcome(draft: draft, newSecret: known)
    prompter.tell(.heading("Setting up \(guide.title). \(guide.page) has more."))
    outcome.draft.name = try askName(outcome.draft, given: name)
    var number = 0
    for part in guide.parts {
      switch part {
      case .step(let text):
        number += 1
        prompter.tell(.step(number, text))
      case .paste(let text): prompter.tell(.paste(text))
      case .question(let question) where outcome.draft[question.key] == nil: try ask(question, &outcome)
      case .secret(let question) where !holdsSecret(outcome.draft): try ask(question, &outcome)
      case .question, .secret: break
      }
    }
    outcome.draft = guide.inOrder(outcome.draft)
    return try await test(outcome)
  }

  private func holdsSecret(_ draft: ChannelDraft) -> Bool {
    guide.secret?.ways.contains { way in way.key.map { draft[$0] != nil } ?? false } == true
  }

  // MARK: Asking

  private func askName(_ draft: ChannelDraft, given: String?) throws(SetUpAbandoned) -> String {
    var draft = draft
    var given = given
    while true {
      if let name = given {
        draft.name = name
        given = nil
      } else {
        draft.name = try answer("The channel's name, for logs and lists", usual: draft.type)
      }
      guard let problem = problems(draft).first(where: { $0.key == "name" }) else { return draft.name }
      prompter.tell(.problem(problem.message))
    }
  }

  private func answer(_ prompt: String, usual: String?) throws(SetUpAbandoned) -> String {
    let line = try prompter.ask(prompt, usual: usual).trimmed
    return line.isEmpty ? usual ?? "" : line
  }

  private func ask(_ question: ChannelGuide.Question, _ outcome: inout Outcome) throws(SetUpAbandoned) {
    let sample = question.usual == nil ? " (such as \(question.sample))" : ""
    let choices =
      if case .choice(let choices) = question.form { " (\(choices.joined(separator: ", ")))" } else { sample }
    let usual = question.usual ?? (question.isRequired ? nil : "none")
    while true {
      let line = try prompter.ask(question.text + choices, usual: usual).trimmed
      var draft = outcome.draft
      do throws(ChannelGuide.Question.Problem) {
        draft[question.key] = line == question.usual || line == usual ? nil : try question.value(of: line)
      } catch {
        prompter.tell(.problem(error.description))
        continue
      }
      if question.isRequired, draft[question.key] == nil {
        prompter.tell(.problem("This is needed."))
        continue
      }
      if let problem = problems(draft).first(where: { $0.key == question.key }) {
        prompter.tell(.problem(problem.message))
        continue
      }
      outcome.draft = draft
      return
    }
  }

  private func ask(_ question: ChannelGuide.SecretQuestion, _ outcome: inout Outcome) throws(SetUpAbandoned) {
    guard var way = question.ways.first else { return }
    if question.ways.count > 1 {
      let names = question.ways.map(\.name)
      way = question.way(try choose("How does the bot prove who it is", names)) ?? way
    }
    guard way.key != nil else {
      outcome.newSecret = nil
      return way.put(.environment(""), into: &outcome.draft, among: question.ways)
    }
    if environment[way.variable]?.isEmpty == false,
      try choose("The environment variable \(way.variable) is set: use it", ["yes", "no"]) == "yes"
    {
      outcome.newSecret = nil
      return way.put(.environment(way.variable), into: &outcome.draft, among: question.ways)
    }
    let places = [
      "data": "a file of the data folder that only you can read", "environment": "an environment variable",
      "file": "a file of yours",
    ]
    let names = ["data", "environment", "file"]
    for name in names { prompter.tell(.note("\(name): \(places[name] ?? "")")) }
    switch try choose("Where is it kept", names) {
    case "environment":
      let name = try answer("The variable's name", usual: way.variable)
      outcome.newSecret = nil
      way.put(.environment(name), into: &outcome.draft, among: question.ways)
    case "file":
      let path = try answer("The file, from the workspace folder on", usual: nil)
      outcome.newSecret = nil
      way.put(.file(path), into: &outcome.draft, among: question.ways)
    default:
      outcome.newSecret = try newSecret(way.text)
      way.put(.file(secretFile(outcome.draft.name)), into: &outcome.draft, among: question.ways)
    }
    if let key = way.key, let problem = problems(outcome.draft).first(where: { $0.key == key }) {
      prompter.tell(.problem(problem.message))
      try ask(question, &outcome)
    }
  }

  private func newSecret(_ text: String) throws(SetUpAbandoned) -> Secret {
    while true {
      let secret = try prompter.askSecret("\(text) (it is not shown)")
      if !secret.bytes.isEmpty { return secret }
      prompter.tell(.problem("Nothing was entered."))
    }
  }

  /// One of some words; their first letters are enough.
  private func choose(_ prompt: String, _ words: [String]) throws(SetUpAbandoned) -> String {
    while true {
      let line = try answer("\(prompt) (\(words.joined(separator: ", ")))", usual: words.first).lowercased()
      if let word = words.first(where: { $0 == line }) { return word }
      let close = words.filter { $0.hasPrefix(line) }
      if close.count == 1, let word = close.first { return word }
      prompter.tell(.problem("Answer with one of \(words.joined(separator: ", "))."))
    }
  }

  // MARK: Testing

  private func test(_ first: Outcome) async throws -> Outcome? {
    var outcome = first
    while true {
      let isGood = try await isGood(outcome)
      if isGood { return outcome }
      let words = ["test", "change", "secret", "add", "leave"].filter { $0 != "secret" || guide.secret != nil }
      prompter.tell(
        .note("test: again · change: an answer · secret: another one · add: it all the same · leave: nothing is added"))
      switch try choose("What now", words) {
      case "add": return outcome
      case "leave": return nil
      case "change": try change(&outcome)
      case "secret": if let secret = guide.secret { try ask(secret, &outcome) }
      default: break
      }
      outcome.draft = guide.inOrder(outcome.draft)
    }
  }

  private func isGood(_ outcome: Outcome) async throws -> Bool {
    let wrong = problems(outcome.draft)
    for problem in wrong { prompter.tell(.problem(problem.message)) }
    guard wrong.isEmpty else { return false }
    prompter.tell(.note("Asking the server …"))
    let found: [ChannelFinding]
    do {
      found = try await findings(outcome.draft, outcome.newSecret)
    } catch let error as ChannelError {
      prompter.tell(.problem(error.description + "."))
      return false
    } catch let error as ChannelSetupError {
      prompter.tell(.problem(error.description + "."))
      return false
    }
    for finding in found { prompter.tell(.finding(finding)) }
    return found.allSatisfy(\.isGood)
  }

  private func change(_ outcome: inout Outcome) throws(SetUpAbandoned) {
    let keys = guide.questions.map(\.key)
    let key = try choose("Which", keys)
    guard let question = guide.questions.first(where: { $0.key == key }) else { return }
    let before = outcome.draft[key]
    outcome.draft[key] = nil
    do {
      try ask(question, &outcome)
    } catch {
      outcome.draft[key] = before
      throw error
    }
  }
}
