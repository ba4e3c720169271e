import ArgumentParser
import Encoders
import Foundation

struct ModelRemove: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove models from the data folder.",
    discussion: "A bot that runs keeps the model it has opened until it is started again.")

  @OptionGroup var options: ModelOptions
  @Argument(help: "minilm, use or all.")
  var model: ModelChoice

  func run() async throws {
    try await reporting {
      let installer = ModelInstaller(dataFolder: options.folder, environment: [:])
      for model in model.models {
        print("\(model.title): \(try installer.remove(model) ? "removed." : "was not installed.")")
      }
    }
  }
}
