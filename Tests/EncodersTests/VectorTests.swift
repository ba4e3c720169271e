import Foundation
import JSON
import Support
import Tensors
import Testing

@testable import Encoders

/// Where the models are that the tests use: as GREENROOM_TEST_MODELS names it, else where scripts/install-models puts them.
enum InstalledModels {
  static let folder: URL = {
    if let named = ProcessInfo.processInfo.environment["GREENROOM_TEST_MODELS"] { return URL(filePath: named) }
    var package = URL(filePath: #filePath)
    for _ in 0..<3 { package.deleteLastPathComponent() }
    return package.appending(path: ".build-models")
  }()

  static let inFloatingPoint = folder.appending(path: "f32")

  static func areAll(in folder: URL) -> Bool {
    EncoderModel.allCases.allSatisfy { FileManager.default.fileExists(atPath: $0.file(in: folder).path) }
  }
}

/// The real models against the vectors of the originals, which scripts/reference-vectors has made. Skipped where no model
/// is installed; scripts/test installs them.
@Suite(.enabled(if: InstalledModels.areAll(in: InstalledModels.folder), "no models: run scripts/install-models"))
struct VectorTests {
  struct Reference {
    let texts: [String]
    let pieces: [[Int32]]
    let vectors: [[Float]]

    init(_ model: EncoderModel) throws {
      let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures")
      func json(_ name: String) throws -> [JSONValue] {
        try JSONValue.parse([UInt8](Data(contentsOf: fixtures.appending(path: name)))).array ?? []
      }
      texts = try json("sentences.json").compactMap(\.string)
      pieces = try json("\(model.name).pieces.json").map { ($0.array ?? []).compactMap { $0.int.map(Int32.init) } }
      let bytes = [UInt8](try Data(contentsOf: fixtures.appending(path: "\(model.name).vectors")))
      let width = bytes.count / 2 / max(texts.count, 1)
      vectors = (0..<texts.count).map { row in
        (0..<width).map { column in
          let at = (row * width + column) * 2
          return HalfPrecision.float(UInt16(bytes[at]) | UInt16(bytes[at + 1]) << 8)
        }
      }
    }
  }

  static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
  }

  static func encoder(_ model: EncoderModel, _ arithmetic: Arithmetic) throws -> any SentenceEncoder {
    let place = arithmetic == .float ? InstalledModels.inFloatingPoint : InstalledModels.folder
    switch model {
    case .minilm: return try MiniLM(dataFolder: place, arithmetic: arithmetic)
    case .use: return try UniversalSentenceEncoder(dataFolder: place, arithmetic: arithmetic)
    }
  }

  @Test func `MiniLM cuts a thousand texts into the original's pieces`() throws {
    let reference = try Reference(.minilm)
    let encoder = try MiniLM(dataFolder: InstalledModels.folder)
    for (text, pieces) in zip(reference.texts, reference.pieces) { #expect(encoder.pieces(of: text) == pieces) }
  }

  @Test func `USE cuts a thousand texts into the original's pieces`() throws {
    let reference = try Reference(.use)
    let encoder = try UniversalSentenceEncoder(dataFolder: InstalledModels.folder)
    for (text, pieces) in zip(reference.texts, reference.pieces) { #expect(encoder.pieces(of: text) == pieces) }
  }

  @Test(arguments: EncoderModel.allCases, [Arithmetic.wide, .bytes])
  func `in bytes every vector is within a cosine of 0,99 of the original`(model: EncoderModel, arithmetic: Arithmetic)
    throws
  {
    let reference = try Reference(model)
    let vectors = try Self.encoder(model, arithmetic).encode(reference.texts)
    #expect(vectors.count == 1000)
    let cosines = zip(vectors, reference.vectors).map(Self.cosine)
    #expect(cosines.min() ?? 0 >= 0.99)
    #expect(cosines.reduce(0, +) / Double(cosines.count) >= 0.998)
  }

  @Test(
    .enabled(if: InstalledModels.areAll(in: InstalledModels.inFloatingPoint)), arguments: EncoderModel.allCases)
  func `in floating point every vector is within a cosine of 0,999 of the original`(model: EncoderModel) throws {
    let reference = try Reference(model)
    let vectors = try Self.encoder(model, .float).encode(reference.texts)
    for (place, vector) in vectors.enumerated() {
      #expect(Self.cosine(vector, reference.vectors[place]) >= 0.999, "\(place)")
    }
  }

  @Test(arguments: EncoderModel.allCases)
  func `a vector depends on its text alone, to the last bit`(model: EncoderModel) throws {
    let encoder = try Self.encoder(model, .wide)
    let texts = Array(try Reference(model).texts.prefix(120))
    let together = try encoder.encode(texts)
    for (text, vector) in zip(texts, together) { #expect(try encoder.encode([text]) == [vector]) }
    #expect(try encoder.encode(texts.reversed()) == together.reversed())
    #expect(try encoder.encode([]).isEmpty)
    for vector in together { #expect(abs(Self.cosine(vector, vector) - 1) < 1e-6) }
  }

  @Test(arguments: EncoderModel.allCases)
  func `any text at all has a vector of length 1`(model: EncoderModel) throws {
    let encoder = try Self.encoder(model, .quickest)
    var texts = [
      "\u{0}", String(repeating: "a", count: 100_000), String(repeating: "🙂", count: 5000), "\u{10FFFF}", "\r\n",
    ]
    for start in stride(from: UInt32(0), to: 0x110000, by: 4999) {
      texts.append(String(String.UnicodeScalarView((0..<30).compactMap { Unicode.Scalar(start + $0 * 13) })))
    }
    for vector in try encoder.encode(texts) {
      #expect(abs(vector.reduce(0) { $0 + Double($1) * Double($1) } - 1) < 1e-4)
    }
  }
}
