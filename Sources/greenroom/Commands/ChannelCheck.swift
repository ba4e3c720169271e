import ArgumentParser
import Channels
import Foundation
import HTTP
import JSON
import Support

struct ChannelCheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Test the credentials of the channels in greenroom.yml, and say what is missing.",
    discussion: "Writes to no room. Exit code 1 when something is missing, or a server could not be asked.")

  @Argument(help: "Channels, by their names; without any, all of them.")
  var names: [String] = []
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let settings = try workspace.load().content.settings
      let channels = try chosen(settings.channels)
      let http = try HTTPClient()
      let assembly = ChannelAssembly(
        workspaceFolder: workspace.folder, dataFolder: data.folder(settings: settings, workspace: workspace.folder),
        http: http)
      var all: [(channel: ChannelSettings, findings: [ChannelFinding])] = []
      for channel in channels {
        let findings = await Self.findings(channel, assembly)
        all.append((channel, findings))
        if !json { Swift.print(ChannelOutput.prose(channel, findings)) }
      }
      await http.shutdown()
      if json { Swift.print(ChannelOutput.json(all).serialized(pretty: true)) }
      guard all.allSatisfy({ $0.findings.allSatisfy(\.isGood) }) else { throw ExitCode(1) }
    }
  }

  private func chosen(_ all: [ChannelSettings]) throws -> [ChannelSettings] {
    for name in names where !all.contains(where: { $0.name == name }) {
      let known = all.isEmpty ? "it names none" : "there are \(all.map(\.name).joined(separator: ", "))"
      throw Failure("There is no channel '\(name)' in greenroom.yml; \(known).")
    }
    guard !all.isEmpty else {
      throw Failure("greenroom.yml names no channel: add one with 'greenroom channel add'.")
    }
    return names.isEmpty ? all : all.filter { names.contains($0.name) }
  }

  /// One that cannot be asked keeps none of the others from it.
  private static func findings(_ channel: ChannelSettings, _ assembly: ChannelAssembly) async -> [ChannelFinding] {
    do {
      return try await assembly.findings(channel)
    } catch let error as ChannelError {
      return [ChannelFinding(isGood: false, text: error.description + ".")]
    } catch let error as ChannelSetupError {
      return [ChannelFinding(isGood: false, text: error.description + ".")]
    } catch let error as Failure {
      return [ChannelFinding(isGood: false, text: error.description)]
    } catch {
      return [ChannelFinding(isGood: false, text: "It could not be asked: \(error.localizedDescription).")]
    }
  }
}
