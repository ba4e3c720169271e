import Foundation
import Testing

@testable import Encoders

@Suite struct SafetensorsTests {
  static func file(_ header: String, content: [UInt8] = []) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8) + content
  }

  static let good = file(
    #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"h":{"dtype":"F16","shape":[2],"data_offsets":[8,12]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[12,14]}}"#,
    content: [0, 0, 0x80, 0x3F, 0, 0, 0x20, 0xC0, 0, 0x3C, 1, 0, 0xC0, 0x3F])

  @Test func `numbers of three types are read`() throws {
    let file = try Safetensors(Self.good)
    #expect(try file.floats("a", shape: [1, 2]) == [1, -2.5])
    #expect(try file.floats("h", shape: [2]) == [1, 0x1p-24])
    #expect(try file.floats("b", shape: [1]) == [1.5])
  }

  @Test func `what is not there, of another shape or of another type is an error`() throws {
    let file = try Safetensors(Self.good)
    #expect(throws: WeightsError("lacks 'x'")) { try file.floats("x", shape: [1]) }
    #expect(throws: WeightsError.self) { try file.floats("a", shape: [2, 1]) }
    let whole = try Safetensors(
      Self.file(#"{"i":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"#, content: [1, 0, 0, 0]))
    #expect(throws: WeightsError.self) { try whole.floats("i", shape: [1]) }
  }

  @Test(arguments: [
    "", "[]", "{", "null", #"{"a":1}"#, #"{"a":{"dtype":"F32","shape":[1]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,5]}}"#,
    #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
    #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[9223372036854775807,3],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}}"#,
    #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
    #"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#,
  ])
  func `a header that lies is refused`(header: String) {
    #expect(throws: WeightsError.self) { try Safetensors(Self.file(header, content: [0, 0, 0, 0, 0])) }
  }

  @Test func `a file cut off or with a header of any size is refused`() {
    for end in 0..<(Self.good.count - 1) {
      #expect(throws: WeightsError.self) { try Safetensors(Array(Self.good[..<end])) }
    }
    #expect(throws: WeightsError.self) { try Safetensors([UInt8](repeating: 0xFF, count: 64)) }
  }

  @Test func `changed bytes never lead out of the file`() {
    for at in Self.good.indices {
      for change in [1, 0x10, 0x80] as [UInt8] {
        var bytes = Self.good
        bytes[at] ^= change
        guard let file = try? Safetensors(bytes) else { continue }
        for (name, entry) in file.entries { _ = try? file.floats(name, shape: entry.shape) }
      }
    }
  }
}

@Suite struct NumPyArrayTests {
  static func file(_ header: String, content: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let size = header.utf8.count
    let length: [UInt8] =
      version == 1
      ? [UInt8(size & 0xFF), UInt8(size >> 8)] : [UInt8(size & 0xFF), UInt8(size >> 8), 0, 0]
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + Array(header.utf8) + content
  }

  static let good = file(
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }          \n",
    content: [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40])

  @Test func `numbers are read, in both forms of the head`() throws {
    #expect(try NumPyArray(Self.good).floats(shape: [2, 1]) == [1, 2])
    let bytes = Self.file("{'shape': (3,), 'descr': '|u1', 'fortran_order': False}", content: [1, 2, 3], version: 2)
    #expect(try Array(NumPyArray(bytes).unsignedBytes(shape: [3])) == [1, 2, 3])
    let single = Self.file(
      "{\"descr\": \"<f8\", \"fortran_order\": True, \"shape\": (), }", content: Array(repeating: 0, count: 8))
    #expect(try NumPyArray(single).shape.isEmpty)
  }

  @Test func `another shape or type than wanted is an error`() throws {
    let array = try NumPyArray(Self.good)
    #expect(throws: WeightsError.self) { try array.floats(shape: [1, 2]) }
    #expect(throws: WeightsError.self) { try array.unsignedBytes(shape: [2, 1]) }
  }

  @Test(arguments: [
    "", "{", "{}", "[]", "{'descr': '<f4', 'fortran_order': False}",
    "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': True, 'shape': (1, 1)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)}", "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x",
    "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}",
    "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 9)}", "{'descr': '<f4", "{'x': '<f4'}",
    "{'descr': '>f4', 'fortran_order': False, 'shape': (1,)}",
  ])
  func `a head that lies is refused`(header: String) {
    #expect(throws: WeightsError.self) { try NumPyArray(Self.file(header, content: [0, 0, 0, 0])) }
  }

  @Test func `a file cut off is refused, and changed bytes do no harm`() {
    for end in 0..<Self.good.count { #expect(throws: WeightsError.self) { try NumPyArray(Array(Self.good[..<end])) } }
    for at in Self.good.indices {
      var bytes = Self.good
      bytes[at] ^= 0x21
      if let array = try? NumPyArray(bytes) { _ = try? array.floats(shape: array.shape) }
    }
  }
}

@Suite struct HalfPrecisionTests {
  @Test(
    arguments: [
      (0x0000, 0), (0x3C00, 1), (0xC000, -2), (0x0001, 0x1p-24), (0x03FF, 0x1.FF8p-15), (0x0400, 0x1p-14),
      (0x7BFF, 65504),
      (0x7C00, Float.infinity), (0xFC00, -Float.infinity),
    ] as [(UInt16, Float)])
  func `16 bits become 32`(bits: UInt16, value: Float) {
    #expect(HalfPrecision.float(bits) == value)
  }
}
