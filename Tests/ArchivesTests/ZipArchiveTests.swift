import Archives
import Testing

@Suite struct ZipArchiveTests {
  static let content = Array("some weights".utf8)

  @Test func `a file comes out as it went in`() throws {
    let archive = try ZipArchive(bytes: StoredZip([("a/b.bin", Self.content), ("empty", [])]).bytes)
    #expect(try archive.contents(of: "a/b.bin", limit: 100) == Self.content)
    #expect(try archive.contents(of: "empty", limit: 100).isEmpty)
    #expect(archive.names == ["a/b.bin", "empty"])
  }

  static func error(_ bytes: [UInt8], name: String = "a", limit: Int = 100) -> ArchiveError.Code? {
    do {
      _ = try ZipArchive(bytes: bytes).contents(of: name, limit: limit)
      return nil
    } catch { return (error as? ArchiveError)?.code }
  }

  @Test func `bytes that are no zip file are refused`() {
    #expect(Self.error([]) == .damaged)
    #expect(Self.error(Array("PK".utf8)) == .damaged)
    #expect(Self.error([UInt8](repeating: 0, count: 1000)) == .damaged)
  }

  @Test func `a file that is not in it is missing, whatever its name tries`() {
    let bytes = StoredZip([("a", Self.content)]).bytes
    for name in ["b", "", "../a", "/a", "a/", "./a", "A"] { #expect(Self.error(bytes, name: name) == .missing) }
  }

  @Test func `names that lead out of a folder are names and nothing more`() throws {
    let archive = try ZipArchive(bytes: StoredZip([("../../etc/passwd", Self.content), ("/abs", [1])]).bytes)
    #expect(try archive.contents(of: "../../etc/passwd", limit: 100) == Self.content)
  }

  @Test func `a file over the limit is not read`() {
    #expect(Self.error(StoredZip([("a", Self.content)]).bytes, limit: Self.content.count - 1) == .tooLarge)
    #expect(Self.error(StoredZip([("a", Self.content)]).bytes, limit: Self.content.count) == nil)
  }

  @Test func `a checksum that does not fit is damage`() {
    #expect(Self.error(StoredZip(name: "a", content: Self.content, checksum: 1).bytes) == .damaged)
  }

  @Test func `an archive cut off anywhere is refused, and one with a changed byte never read wrongly`() {
    let bytes = StoredZip([("a", Self.content)]).bytes
    for end in bytes.indices { #expect(Self.error(Array(bytes[..<end])) == .damaged) }
    for place in bytes.indices {
      for change in [1, 0x80, 0xFF] as [UInt8] {
        var changed = bytes
        changed[place] ^= change
        let read = try? ZipArchive(bytes: changed).contents(of: "a", limit: 100)
        #expect(read == nil || read == Self.content)
      }
    }
  }

  @Test func `a path that is not there is unreadable`() {
    #expect(throws: ArchiveError.self) { try ZipArchive(path: "/nowhere/at/all.whl") }
  }
}
