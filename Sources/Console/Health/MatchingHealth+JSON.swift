package import JSON
package import Support

extension MatchingHealth {
  /// As `/health`, `greenroom check` and `greenroom evaluate` show it.
  package var json: JSONValue {
    let encoders = encoders.map { encoder -> JSONValue in
      [
        "name": .string(encoder.name), "state": .string(encoder.state.rawValue), "detail": .string(encoder.detail),
      ]
    }
    return ["mode": .string(mode.rawValue), "encoders": .array(encoders), "cache": .string(cache.words)]
  }
}

extension MatchingHealth.Cache {
  fileprivate var words: String {
    switch self {
    case .kept: "ok"
    case .off: "off"
    case .failing(let reason): reason
    }
  }
}
