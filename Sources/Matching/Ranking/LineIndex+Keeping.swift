import Retrieval
import Tensors

extension LineIndex {
  func add(to sections: inout NumberSections) {
    sections.add(inverseFrequency)
    features.add(to: &sections)
    sections.add(lineCounts)
    sections.add(starts)
    sections.add(postings)
    sections.add(topicLengths)
  }

  /// - Throws: where numbers lead out of their lists.
  init(_ file: inout KeptFileReader, lines: [IndexedLine], topicCount: Int) throws {
    let inverseFrequency = try file.next(Float.self)
    let count = inverseFrequency.count
    self.init(
      lines: lines, features: try FeatureTable(&file, count: count), inverseFrequency: inverseFrequency,
      lineCounts: try file.next(Int32.self, count: count), starts: try file.next(Int64.self, count: count + 1),
      postings: try file.next(Posting.self), topicLengths: try file.next(Float.self, count: topicCount))
    guard starts.areStarts(in: postings.count) else { throw KeptFileError() }
    let lineCount = UInt32(clamping: lines.count)
    // Without a way out of the loop, which then looks at several at once; a number below 0 is a large one here.
    var most: UInt32 = 0
    for posting in UnsafeBufferPointer(start: postings.pointer, count: postings.count) {
      most = max(most, UInt32(bitPattern: posting.line))
    }
    guard postings.count == 0 || most < lineCount else { throw KeptFileError() }
  }
}
