import ArgumentParser
import Encoders
import Foundation
import Support
import Workspace

struct ModelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Install the models that understand paraphrase, and see what is installed.",
    subcommands: [ModelInstall.self, ModelList.self, ModelRemove.self])
}

/// The data folder that a command on models works in.
struct ModelOptions: ParsableArguments {
  @OptionGroup var workspace: WorkspaceOptions
  @OptionGroup var data: DataOptions

  var folder: URL {
    let settings = workspace.read(asOf: CalendarDay(Date())).content?.settings ?? Settings()
    return data.folder(settings: settings, workspace: workspace.folder)
  }
}

/// One model, or all of them.
enum ModelChoice: String, ExpressibleByArgument, CaseIterable {
  case minilm, use, all

  var models: [EncoderModel] { EncoderModel(rawValue: rawValue).map { [$0] } ?? EncoderModel.allCases }
}
