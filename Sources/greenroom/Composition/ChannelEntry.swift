import Channels
import Foundation
import Support
import Workspace

/// One channel on its way into `greenroom.yml`: what was given on the command line, and who asks for the rest.
struct ChannelEntry: Sendable {
  let guide: ChannelGuide
  let plan: ChannelPlan

  private static let longestSecret = 64 << 10

  /// What the command line says, checked as far as that can be done alone.
  /// - Returns: and how the bot is to prove who it is.
  func given(
    _ pairs: [String], secretFile: String?, secretVariable: String?, name: String?
  ) throws -> (outcome: SetUpDialogue.Outcome, way: ChannelGuide.SecretQuestion.Way?) {
    var outcome = SetUpDialogue.Outcome(draft: ChannelDraft(name: name ?? guide.kind, type: guide.kind))
    var way = guide.secret?.ways.first
    for pair in pairs {
      let key = String(pair.prefix { $0 != "=" })
      let value = String(pair.dropFirst(key.count + 1))
      if key == guide.secret?.key, let secret = guide.secret, secret.ways.count > 1 {
        guard let chosen = secret.way(value) else {
          throw Failure(
            "--set \(key) takes \(secret.ways.map(\.name).joined(separator: ", ")); found '\(value.prefix(40))'.")
        }
        way = chosen
        continue
      }
      do throws(ChannelGuide.Question.Problem) {
        try guide.set(key, to: value, in: &outcome.draft)
      } catch {
        throw Failure("--set \(error.description)")
      }
    }
    guard let way, let ways = guide.secret?.ways else { return (outcome, nil) }
    if way.key == nil, secretFile != nil || secretVariable != nil {
      throw Failure("--set \(guide.secret?.key ?? "")=\(way.name) needs no secret: leave one of the two out.")
    } else if let secretVariable {
      way.put(.environment(secretVariable), into: &outcome.draft, among: ways)
    } else if secretFile == "-" {
      outcome.newSecret = try Self.standardInput()
      way.put(.file(plan.secretPath(outcome.draft.name)), into: &outcome.draft, among: ways)
    } else if let secretFile {
      way.put(.file(plan.written(URL(filePath: secretFile))), into: &outcome.draft, among: ways)
    }
    return (outcome, way)
  }

  /// Where nobody can be asked: all that has to be there, or an error that says which option gives it.
  func complete(_ outcome: inout SetUpDialogue.Outcome, _ way: ChannelGuide.SecretQuestion.Way?) throws {
    var missing = guide.missing(in: outcome.draft).map { "--set \($0.key)=\($0.sample)" }
    if let way, let key = way.key, outcome.draft[key] == nil {
      if ProcessInfo.processInfo.environment[way.variable]?.isEmpty == false {
        way.put(.environment(way.variable), into: &outcome.draft, among: guide.secret?.ways ?? [])
      } else {
        missing.append("--secret-env \(way.variable), or --secret-file FILE (\(way.text.lowercased()))")
      }
    }
    guard missing.isEmpty else {
      throw Failure(
        "Nobody can be asked here, and something is missing. Give:\n"
          + missing.map { "  \($0)" }.joined(separator: "\n"))
    }
    outcome.draft = guide.inOrder(outcome.draft)
    let problems = plan.problems(outcome.draft)
    guard problems.isEmpty else { throw Failure(problems.map(\.message).joined(separator: "\n")) }
  }

  func dialogue(_ prompter: any SetUpPrompter) -> SetUpDialogue {
    SetUpDialogue(
      guide: guide, prompter: prompter, environment: ProcessInfo.processInfo.environment,
      secretFile: { [plan] in plan.secretPath($0) }, problems: { [plan] in plan.problems($0) },
      findings: { [plan] in try await plan.findings($0, $1) })
  }

  /// All of it, but for the line break at its end.
  private static func standardInput() throws -> Secret {
    let data = try FileHandle.standardInput.read(upToCount: longestSecret + 1) ?? Data()
    guard data.count <= longestSecret else { throw Failure("What stands on standard input is too long for a secret.") }
    let end = data.lastIndex { $0 != 0x0A && $0 != 0x0D }.map { $0 + 1 } ?? data.startIndex
    let secret = Secret(Array(data[data.startIndex..<end]))
    guard !secret.isEmpty else { throw Failure("There is no secret on standard input.") }
    return secret
  }
}
