import Foundation
import Insights
import Testing

@Suite struct SnapshotTests {
  /// Where a rendering that differs from its stored copy is put, beside which it can then be looked at.
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snapshots")

  @Test(arguments: ReportFormat.allCases)
  func `the sample week is rendered as in the stored copy`(format: ReportFormat) throws {
    let rendered = try SampleWeek().update().rendered(as: format)
    let stored = Self.folder.appending(path: "weekly.\(format.fileExtension)")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] != nil {
      try Data(rendered.utf8).write(to: stored)
    }
    let copy = try #require(try? Data(contentsOf: stored), "no stored copy: run once with RECORD_SNAPSHOTS=1")
    // Compared as bytes: Swift strings are equal by characters.
    #expect(copy.elementsEqual(Data(rendered.utf8)), "differs from \(stored.lastPathComponent)")
  }
}
