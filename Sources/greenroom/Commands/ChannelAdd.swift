import ArgumentParser
import Channels
import Foundation
import HTTP
import Support
import Workspace

struct ChannelAdd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Walk through the set-up of a channel, test it, and add it to greenroom.yml.",
    discussion: """
      Says what to click where and asks for what it needs. The secret is typed or pasted without being shown and kept in a \
      file with mode 0600 in the data folder, or stays in an environment variable. The server is asked before anything is \
      written; to no room is anything written.

      Without a terminal: give answers with --set and the secret with --secret-env or --secret-file, and say --yes. What is \
      missing is named. Exit code 1 when the server was asked, something is missing, and nothing was added.

      greenroom channel add matrix rooms --set homeserver=https://matrix.example.org --set user=@greenroom:example.org \
      --secret-env GREENROOM_MATRIX_PASSWORD --yes
      """)

  @Argument(help: "matrix, telegram, slack, lark, discord or webhook.")
  var kind: String
  @Argument(help: "The channel's name, for logs and lists; by default as its kind.")
  var name: String?
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions
  @Option(
    name: .long,
    help: ArgumentHelp(
      "An answer, by its key in greenroom.yml; may be repeated. Lists have commas; a room may have =always behind it.",
      valueName: "key=value"))
  var set: [String] = []
  @Option(
    name: .long,
    help: ArgumentHelp(
      "A file that holds the secret, and stays where it is; - reads it from standard input and keeps it in the data folder.",
      valueName: "file"))
  var secretFile: String?
  @Option(name: .long, help: ArgumentHelp("The environment variable that holds the secret.", valueName: "variable"))
  var secretEnv: String?
  @Flag(name: .long, help: "Ask nothing: add it if the server finds nothing missing.")
  var yes = false
  @Flag(name: .long, help: "With --yes: add it although something is missing.")
  var unfinished = false
  @Flag(name: .long, help: "Print the lines for greenroom.yml, and write nothing.")
  var print = false

  func validate() throws {
    guard ChannelGuide.of(kind) != nil else {
      let kinds = ChannelGuide.all.map(\.kind)
      throw ValidationError("There is no kind of channel '\(kind)'; there are \(kinds.joined(separator: ", ")).")
    }
    if secretFile != nil, secretEnv != nil {
      throw ValidationError("Give the secret by one of --secret-file and --secret-env.")
    }
    for pair in set where !pair.contains("=") || pair.hasPrefix("=") {
      throw ValidationError("--set takes a key and a value, such as homeserver=https://matrix.example.org.")
    }
  }

  func run() async throws {
    try await reporting {
      guard let guide = ChannelGuide.of(kind) else { return }
      try checkWorkspace()
      let http = try HTTPClient()
      let result: Result<Void, any Error>
      do {
        let entry = ChannelEntry(guide: guide, plan: ChannelPlan(workspace: workspace, data: data, http: http))
        result = .success(try await add(entry))
      } catch is SetUpAbandoned {
        result = .failure(Failure("Nothing was added."))
      } catch {
        result = .failure(error)
      }
      await http.shutdown()
      try result.get()
    }
  }

  private func checkWorkspace() throws {
    let names = ["greenroom.yml", "intents", "knowledge"].map { workspace.folder.appending(path: $0) }
    guard
      workspace.config != nil
        || names.contains(where: { FileManager.default.fileExists(atPath: $0.path(percentEncoded: false)) })
    else {
      throw Failure(
        "\(workspace.folder.path(percentEncoded: false)) holds no workspace: name one with --workspace, or go there.")
    }
  }

  private func add(_ entry: ChannelEntry) async throws {
    let isInteractive = isatty(STDIN_FILENO) == 1 && !yes
    var (given, way) = try entry.given(set, secretFile: secretFile, secretVariable: secretEnv, name: name)
    let prompter = TerminalPrompter(handle: print ? .standardError : .standardOutput)
    let outcome: SetUpDialogue.Outcome
    if isInteractive {
      let dialogue = entry.dialogue(prompter)
      guard let walked = try await dialogue.run(given.draft, name: name, secret: given.newSecret) else {
        prompter.tell(.note("Nothing was added."))
        throw ExitCode(1)
      }
      outcome = walked
    } else {
      try entry.complete(&given, way)
      guard yes || print else {
        throw Failure("Nobody can be asked here: say --yes to add the channel, or --print to see its lines.")
      }
      let findings = try await entry.plan.findings(given.draft, given.newSecret)
      for finding in findings { prompter.tell(.finding(finding)) }
      guard findings.allSatisfy(\.isGood) || unfinished || print else {
        Terminal.complain(
          "Nothing was added. Put right what is missing, or add the channel all the same with --unfinished.")
        throw ExitCode(1)
      }
      outcome = given
    }
    if print {
      Swift.print(outcome.draft.pasteable)
      if outcome.newSecret != nil {
        Terminal.note(
          "The secret was not kept: put it into \(entry.plan.secretFile(outcome.draft.name).path), mode 0600.")
      }
      return
    }
    if isInteractive { try confirm(outcome.draft, entry.plan, prompter) }
    try write(outcome, entry)
  }

  private func confirm(_ draft: ChannelDraft, _ plan: ChannelPlan, _ prompter: TerminalPrompter) throws {
    prompter.tell(.note(""))
    prompter.tell(.paste(draft.pasteable))
    while true {
      let answer = try prompter.ask("Add this to \(plan.file.path) (yes, no)", usual: "yes").lowercased()
      if ["", "y", "yes"].contains(answer) { return }
      if ["n", "no"].contains(answer) { throw SetUpAbandoned() }
    }
  }

  private func write(_ outcome: SetUpDialogue.Outcome, _ entry: ChannelEntry) throws {
    // Between the secret and the lines nobody's Ctrl-C comes.
    let before = signal(SIGINT, SIG_IGN)
    defer { signal(SIGINT, before) }
    let secret: String?
    switch try entry.plan.add(outcome.draft, outcome.newSecret) {
    case .written(let kept):
      secret = kept
      Swift.print("The channel '\(outcome.draft.name)' is in \(entry.plan.file.path).")
    case .toPaste(let reason, let kept):
      if let kept { Swift.print("The secret is in \(kept), for you alone.") }
      Swift.print(outcome.draft.pasteable)
      throw Failure("\(reason): add the lines above to it by hand.")
    }
    if let secret { Swift.print("The secret is in \(secret), for you alone.") }
    for line in entry.guide.afterwards { Swift.print(line.replacing("**", with: "")) }
  }
}
