/// Makes zip files whose content is not compressed, right or wrong on purpose.
struct StoredZip {
  private(set) var bytes: [UInt8] = []
  private var directory: [UInt8] = []
  private var count = 0

  init(_ files: [(name: String, content: [UInt8])] = []) {
    for file in files { add(file.name, file.content) }
    finish()
  }

  /// - Parameter checksum: another one than the content's.
  init(name: String, content: [UInt8], checksum: UInt32) {
    add(name, content, checksum: checksum)
    finish()
  }

  private mutating func add(_ name: String, _ content: [UInt8], checksum: UInt32? = nil) {
    let offset = bytes.count
    let fields =
      word(20, 2) + word(0, 2) + word(0, 2) + word(0, 4) + word(checksum ?? Self.crc32(content), 4)
      + word(UInt32(content.count), 4) + word(UInt32(content.count), 4) + word(UInt32(name.utf8.count), 2) + word(0, 2)
    bytes += word(0x0403_4B50, 4) + fields + Array(name.utf8) + content
    directory +=
      word(0x0201_4B50, 4) + word(20, 2) + fields + word(0, 2) + word(0, 2) + word(0, 2) + word(0, 4)
      + word(UInt32(offset), 4) + Array(name.utf8)
    count += 1
  }

  private mutating func finish() {
    let start = bytes.count
    bytes += directory
    bytes +=
      word(0x0605_4B50, 4) + word(0, 2) + word(0, 2) + word(UInt32(count), 2) + word(UInt32(count), 2)
      + word(UInt32(directory.count), 4) + word(UInt32(start), 4) + word(0, 2)
  }

  private func word(_ value: UInt32, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
  }

  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }
  }
}
