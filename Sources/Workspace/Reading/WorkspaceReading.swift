package import Support

/// What came of reading a workspace.
package struct WorkspaceReading: Sendable {
  /// The workspace; nil when there is any error.
  package let content: WorkspaceContent?
  /// Every error and warning, in the order of files and lines.
  package let problems: [Problem]
}
