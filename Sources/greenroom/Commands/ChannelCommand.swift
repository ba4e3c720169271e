import ArgumentParser

struct ChannelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "channel", abstract: "Set up chat servers, test their credentials, and see what is missing.",
    subcommands: [ChannelAdd.self, ChannelCheck.self, ChannelList.self])
}
