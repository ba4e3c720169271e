import Support

/// A value of a YAML file and where it stands. Aliases and merge keys have been put in place.
struct YAMLNode {
  enum Content {
    /// `isPlain`: written without quotes, so that `~` and `true` are not just text.
    case scalar(String, isPlain: Bool)
    case list([YAMLNode])
    case map([YAMLEntry])
  }

  var content: Content
  var location: SourceLocation

  /// Nothing, or `~`, or the word null.
  var isNull: Bool {
    guard case .scalar(let text, isPlain: true) = content else { return false }
    return ["", "~", "null", "Null", "NULL"].contains(text)
  }

  /// What it is, for messages.
  var kind: String {
    switch content {
    case .scalar where isNull: "nothing"
    case .scalar: "text"
    case .list: "a list"
    case .map: "a map"
    }
  }
}

/// One line of a map.
struct YAMLEntry {
  var key: String
  var keyLocation: SourceLocation
  var value: YAMLNode
}
