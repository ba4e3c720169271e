import Foundation
import Tensors
import Testing

@testable import Encoders

@Suite struct ModelFileTests {
  /// A folder that is gone with the test.
  final class Folder: Sendable {
    let url: URL

    init() throws {
      url = FileManager.default.temporaryDirectory.appending(path: "encoders-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path).sorted()) ?? [] }
  }

  static func write(to file: URL, model: String = "some-model") throws {
    var writer = ModelFileWriter()
    writer.add("numbers", floats: [1, 2.5, -3])
    writer.add("bytes", int8s: [-128, 0, 127])
    writer.add("counts", uint32s: [7])
    try writer.write(
      to: file, model: model, package: "p", packageVersion: "1", packageSHA256: "00", precision: "int8")
  }

  static func code(_ file: URL, verify: Bool = false) -> ModelFileError.Code? {
    do throws(ModelFileError) {
      let file = try ModelFile(file)
      if verify { try file.verify() }
      return nil
    } catch { return error.code }
  }

  @Test func `what is written is read, and nothing else is left in the folder`() throws {
    let folder = try Folder()
    let place = folder.url.appending(path: "a.model")
    try Self.write(to: place)
    let file = try ModelFile(place)
    try file.verify()
    #expect(file.header.model == "some-model")
    #expect(try file.floats("numbers").elements == [1, 2.5, -3])
    #expect(try file.int8s("bytes", count: 3).elements == [-128, 0, 127])
    #expect(try file.uint32s("counts").elements == [7])
    #expect(folder.names == ["a.model"])
  }

  @Test func `an array that is missing, of another type or of another size is damage`() throws {
    let folder = try Folder()
    let place = folder.url.appending(path: "a.model")
    try Self.write(to: place)
    let file = try ModelFile(place)
    #expect(throws: ModelFileError.self) { try file.floats("absent") }
    #expect(throws: ModelFileError.self) { try file.floats("bytes") }
    #expect(throws: ModelFileError.self) { try file.floats("numbers", count: 4) }
  }

  @Test func `each thing that can be wrong with a file has its own name and the same advice`() throws {
    let folder = try Folder()
    let place = folder.url.appending(path: "a.model")
    #expect(Self.code(place) == .missing)
    #expect(Self.code(folder.url) == .unreadable)
    try Data().write(to: place)
    #expect(Self.code(place) == .damaged)
    try Data("PK\u{3}\u{4} some other file".utf8).write(to: place)
    #expect(Self.code(place) == .foreign)
    try Self.write(to: place)
    let good = try Data(contentsOf: place)
    var newer = good
    newer[8] = 9
    try newer.write(to: place)
    #expect(Self.code(place) == .newer)
    try (good + Data([0])).write(to: place)
    #expect(Self.code(place) == .damaged)
    do {
      _ = try ModelFile(place)
      Issue.record("took a file that is too long")
    } catch {
      #expect(error.description.contains(place.path) && error.description.contains("greenroom model install"))
    }
  }

  @Test func `a file cut off anywhere is refused`() throws {
    let folder = try Folder()
    let place = folder.url.appending(path: "a.model")
    try Self.write(to: place)
    let good = try Data(contentsOf: place)
    for end in stride(from: 0, to: good.count, by: 61) {
      try good.prefix(end).write(to: place)
      #expect(Self.code(place) == .damaged)
    }
  }

  @Test func `a changed byte is found: at the head at once, in the content by its checksum`() throws {
    let folder = try Folder()
    let place = folder.url.appending(path: "a.model")
    try Self.write(to: place)
    let good = try Data(contentsOf: place)
    let header = 48 + Int(good[12]) + Int(good[13]) << 8
    for at in Array(0..<header) + Array(4096..<good.count) {
      var changed = good
      changed[at] ^= 0x10
      try changed.write(to: place)
      #expect(Self.code(place, verify: true) != nil, "byte \(at)")
      if at < header { #expect(Self.code(place) != nil, "byte \(at)") }
    }
  }

  @Test func `the file of another model is no model`() throws {
    let folder = try Folder()
    for model in EncoderModel.allCases {
      try FileManager.default.createDirectory(
        at: EncoderModel.folder(in: folder.url), withIntermediateDirectories: true)
      try Self.write(to: model.file(in: folder.url))
    }
    let shelf = EncoderShelf.load(dataFolder: folder.url)
    #expect(shelf.encoders.isEmpty)
    #expect(shelf.problems.count == 2)
    for sentence in shelf.problems { #expect(sentence.contains("holds 'some-model'")) }
  }

  @Test func `a file that claims to be the model and lacks its weights is damage`() throws {
    let folder = try Folder()
    for model in EncoderModel.allCases {
      let place = folder.url.appending(path: model.name)
      try Self.write(to: place, model: model.name)
      let file = try ModelFile(place)
      #expect(throws: ModelFileError.self) {
        if model == .minilm { _ = try MiniLM(file) } else { _ = try UniversalSentenceEncoder(file) }
      }
    }
  }

  @Test func `an empty data folder has models to install and no other problem`() throws {
    let folder = try Folder()
    let shelf = EncoderShelf.load(dataFolder: folder.url)
    #expect(shelf.encoders.isEmpty)
    #expect(shelf.places.map(\.status) == [.missing, .missing])
    #expect(shelf.problems.count == 1)
    #expect(shelf.problems.first?.contains("greenroom model install") == true)
  }

  @Test func `where nothing can be written nothing is changed`() throws {
    let folder = try Folder()
    let place = folder.url.appending(path: "a.model/below")
    #expect(throws: POSIXError.self) { try Self.write(to: place) }
    #expect(folder.names.isEmpty)
  }
}
