import ArgumentParser
import Foundation
import JSON
import Support

struct ChannelList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the channels in greenroom.yml, and where their secrets are kept.")

  @OptionGroup var workspace: WorkspaceOptions
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let channels = try workspace.load().content.settings.channels
      if json {
        print(ChannelOutput.json(channels).serialized(pretty: true))
      } else if channels.isEmpty {
        print("greenroom.yml names no channel. Add one with 'greenroom channel add'.")
      } else {
        print(ChannelOutput.table(channels))
      }
    }
  }
}
