import CZip

/// Reads single files out of a zip archive (libzip). Nothing is ever written to a path that an archive names.
///
/// Not `Sendable`: libzip's handle is for one thread at a time.
package final class ZipArchive {
  private let handle: OpaquePointer
  /// libzip reads from these as long as the archive is open.
  private let memory: UnsafeMutableRawBufferPointer?

  /// - Throws: `ArchiveError`.
  package init(path: String) throws(ArchiveError) {
    var code: Int32 = 0
    guard let handle = zip_open(path, ZIP_RDONLY | Int32(ZIP_CHECKCONS), &code) else {
      throw ArchiveError(
        code == ZIP_ER_OPEN || code == ZIP_ER_NOENT || code == ZIP_ER_READ ? .unreadable : .damaged,
        Self.words(code))
    }
    self.handle = handle
    memory = nil
  }

  /// - Parameter bytes: the whole archive.
  /// - Throws: `ArchiveError`.
  package init(bytes: [UInt8]) throws(ArchiveError) {
    // libzip takes nothing at all for an archive of no files.
    guard !bytes.isEmpty else { throw ArchiveError(.damaged, "it is empty") }
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: max(bytes.count, 1), alignment: 16)
    memory.copyBytes(from: bytes)
    var error = zip_error_t()
    zip_error_init(&error)
    defer { zip_error_fini(&error) }
    guard let source = zip_source_buffer_create(memory.baseAddress, UInt64(bytes.count), 0, &error) else {
      memory.deallocate()
      throw ArchiveError(.damaged, Self.words(error.zip_err))
    }
    guard let handle = zip_open_from_source(source, ZIP_RDONLY | Int32(ZIP_CHECKCONS), &error) else {
      zip_source_free(source)
      memory.deallocate()
      throw ArchiveError(.damaged, Self.words(error.zip_err))
    }
    self.handle = handle
    self.memory = memory
  }

  deinit {
    zip_discard(handle)
    memory?.deallocate()
  }

  /// How many files it holds.
  package var count: Int { Int(zip_get_num_entries(handle, 0)) }

  /// The names in it, as they are written there.
  package var names: [String] {
    (0..<UInt64(max(count, 0))).compactMap { index in
      zip_get_name(handle, index, zip_flags_t(ZIP_FL_ENC_GUESS)).map { String(cString: $0) }
    }
  }

  /// The whole of one file, with its checksum verified.
  /// - Parameters:
  ///   - name: exactly as in the archive.
  ///   - limit: in bytes; a larger file is not read.
  ///   - progress: hears after each piece how many bytes are there and how many there will be.
  /// - Throws: `ArchiveError`, or what `progress` throws.
  package func contents(
    of name: String, limit: Int, progress: (Int, Int) throws -> Void = { _, _ in }
  ) throws -> [UInt8] {
    var status = zip_stat_t()
    zip_stat_init(&status)
    guard zip_stat(handle, name, 0, &status) == 0 else {
      throw ArchiveError(.missing, "there is no '\(name)' in it")
    }
    guard status.valid & UInt64(ZIP_STAT_SIZE) != 0, status.size <= UInt64(limit) else {
      throw ArchiveError(.tooLarge, "'\(name)' in it is larger than \(limit) bytes")
    }
    guard let file = zip_fopen_index(handle, status.index, 0) else {
      throw ArchiveError(.damaged, "'\(name)' in it cannot be opened: \(String(cString: zip_strerror(handle)))")
    }
    defer { zip_fclose(file) }
    let size = Int(status.size)
    var bytes = [UInt8](repeating: 0, count: size)
    var count = 0
    while count < size {
      let want = min(size - count, 1 << 20)
      let got = bytes.withUnsafeMutableBytes { buffer -> Int64 in
        guard let start = buffer.baseAddress else { return 0 }
        return zip_fread(file, start + count, UInt64(want))
      }
      guard got > 0 else {
        throw ArchiveError(.damaged, "'\(name)' in it is damaged: \(String(cString: zip_file_strerror(file)))")
      }
      count += Int(got)
      try progress(count, size)
    }
    // The checksum is compared when the end is met.
    var more: UInt8 = 0
    guard zip_fread(file, &more, 1) == 0 else {
      throw ArchiveError(.damaged, "'\(name)' in it is damaged: \(String(cString: zip_file_strerror(file)))")
    }
    return bytes
  }

  private static func words(_ code: Int32) -> String {
    var error = zip_error_t()
    zip_error_init_with_code(&error, code)
    defer { zip_error_fini(&error) }
    return String(cString: zip_error_strerror(&error))
  }
}
