import ArgumentParser
import Encoders
import Foundation
import JSON

struct ModelList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the models, and whether each can be used.",
    discussion: "Exit code 1 when a model that is installed cannot be used.")

  @OptionGroup var options: ModelOptions
  @Flag(name: .long, help: "Read each file whole and compare its checksum.")
  var verify = false
  @Flag(name: .long, help: "Print JSON.")
  var json = false

  func run() async throws {
    try await reporting {
      let folder = options.folder
      let places = EncoderShelf.load(dataFolder: folder).places.map { verify ? Self.verified($0, folder) : $0 }
      if json {
        print(JSONValue.array(places.map { Self.json($0, folder) }).serialized(pretty: true))
      } else {
        for place in places { print(Self.line(place, folder)) }
      }
      let isAnyUnusable = places.contains { if case .unusable = $0.status { true } else { false } }
      if isAnyUnusable { throw ExitCode(1) }
    }
  }

  private static func verified(_ place: EncoderShelf.Place, _ folder: URL) -> EncoderShelf.Place {
    guard case .loaded = place.status else { return place }
    do throws(ModelFileError) {
      try ModelFile(place.model.file(in: folder)).verify()
      return place
    } catch {
      return EncoderShelf.Place(model: place.model, status: .unusable(error.description))
    }
  }

  private static func size(_ model: EncoderModel, _ folder: URL) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(
      atPath: model.file(in: folder).path(percentEncoded: false))
    return (attributes?[.size] as? NSNumber)?.intValue
  }

  private static func line(_ place: EncoderShelf.Place, _ folder: URL) -> String {
    let name = Terminal.styled(place.model.rawValue.padding(toLength: 8, withPad: " ", startingAt: 0), .bold)
    let title = place.model.title
    return switch place.status {
    case .loaded(let version):
      "\(name)\(Terminal.styled("installed", .green))  \(title), \(version), \((size(place.model, folder) ?? 0) / 1_000_000) MB"
    case .missing:
      "\(name)\(Terminal.styled("missing", .yellow))    \(title); run 'greenroom model install \(place.model.rawValue)'"
    case .unusable(let why): "\(name)\(Terminal.styled("unusable", .red))   \(Terminal.harmless(why))"
    }
  }

  private static func json(_ place: EncoderShelf.Place, _ folder: URL) -> JSONValue {
    let (status, version, problem): (String, String?, String?) =
      switch place.status {
      case .loaded(let version): ("installed", version, nil)
      case .missing: ("missing", nil, nil)
      case .unusable(let why): ("unusable", nil, why)
      }
    return [
      "model": .string(place.model.rawValue), "name": .string(place.model.name), "title": .string(place.model.title),
      "status": .string(status), "version": version.map { .string($0) } ?? .null,
      "problem": problem.map { .string($0) } ?? .null,
      "file": .string(place.model.file(in: folder).path(percentEncoded: false)),
      "bytes": size(place.model, folder).map { .integer($0) } ?? .null,
    ]
  }
}
