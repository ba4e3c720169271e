import Foundation

/// A folder of its own for one test, with a workspace in it and the bot's data.
struct TestWorkspace: Sendable {
  let folder: URL

  static let token = "e2e-token-7f3a"
  static let environment = ["E2E_TOKEN": token]

  /// Removed when `use` returns.
  static func with<Result>(
    _ files: [String: String] = sample, settings: String = "chat: {enabled: false}\n",
    _ use: (TestWorkspace) async throws -> Result
  ) async throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "greenroom-\(UUID().uuidString)", directoryHint: .isDirectory)
    let workspace = TestWorkspace(folder: folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (path, text) in files { try workspace.write(text, to: path) }
    try workspace.write(settings, to: "greenroom.yml")
    return try await use(workspace)
  }

  var path: String { folder.path(percentEncoded: false) }
  var data: String { file("data") }
  func file(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

  func write(_ text: String, to name: String) throws {
    let file = folder.appending(path: name)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Settings with one webhook channel and nothing else.
  static func webhook(_ base: String, wait: Int = 5, more: String = "") -> String {
    """
    name: Sample Desk
    chat: {enabled: false}
    channels:
      - name: vendor
        type: webhook
        url: \(base)/messages
        reply_url: \(base)/replies
        wait: \(wait)
        auth: {bearer: {env: E2E_TOKEN}}
    desk: {queues: [general, payouts, legal, safety]}
    \(more)

    """
  }

  func startBot(_ more: String..., environment: [String: String] = [:]) throws -> RunningProgram {
    try RunningProgram(
      ["run", "--workspace", path, "--data", data] + more,
      environment: Self.environment.merging(environment) { _, new in new })
  }

  /// A command on this workspace; its ledger too where the command has one.
  func run(_ command: String..., input: String? = nil) async throws -> Outcome {
    let isOnLedger = ["log", "ticket", "report"].contains(command.first)
    let program = try RunningProgram(
      command + ["--workspace", path] + (isOnLedger ? ["--data", data] : []), environment: Self.environment,
      input: input)
    let code = await program.end()
    return Outcome(code: code, output: program.output.value, errors: program.errors.value)
  }

  static let sample = [
    "intents/desk.yml": """
    intents:
      - id: opening-hours
        title: Opening hours
        patterns: ['\\bopening hours\\b']
        answer: "We are open from nine to six."
      - id: payout-schedule
        title: Payout schedule
        patterns: ['\\bpayout schedule\\b']
        article: payouts/schedule
      - id: creator-level
        title: Level of a creator
        patterns: ['\\bcreator level\\b']
        answer: "Levels stand on the creator's page."
        slots:
          - {name: handle, entity: handle, ask: "Whose level? Please send the @handle.", required: true}
      - id: talk-to-person
        title: Talk to a person
        patterns: ['\\b(human|person)\\b']
        escalate: {queue: general, priority: normal}
      - id: legal-letter
        title: A letter from a lawyer
        patterns: ['\\blawyer\\b']
        escalate: {queue: legal, priority: high}
      - id: threats
        title: Threats
        patterns: ['\\bthreat\\b']
        escalate: {queue: safety, priority: urgent, tags: [now]}
      - id: payout-missing
        title: Payout is missing
        patterns: ['\\bpayout missing\\b']
        escalate: {queue: payouts, priority: high, tags: [money]}
        slots:
          - {name: handle, entity: handle, ask: "Which creator is it? Please send the @handle.", required: true}

    """,
    "knowledge/payouts/schedule.md": """
    ---
    title: When payouts are sent
    ---
    Payouts go out on the 15th.

    """,
    "knowledge/devices/ring-light.md": """
    ---
    title: How to return a ring light
    ---
    Pack the ring light and send it back with the label.

    """,
    "knowledge/devices/camera.md": """
    ---
    title: Lending a camera
    ---
    Cameras are lent for two weeks.

    """,
  ]
}
