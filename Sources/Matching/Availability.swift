package import Support

/// Who asks, as far as it decides what may be sent to them.
package struct Asker: Sendable, Hashable {
  /// BCP 47; nil where nobody said.
  package var language: String?
  /// Nil where nobody said.
  package var region: String?
  /// The day by the desk's calendar.
  package var day: CalendarDay

  package init(language: String?, region: String?, day: CalendarDay) {
    self.language = language
    self.region = region
    self.day = day
  }
}

/// Whether something may be sent to an asker.
enum Availability: Sendable, Hashable {
  case sendable
  /// It holds in some regions only, and the asker's is not known.
  case needsRegion([String])
  case never
}

extension Catalogue {
  func availability(of id: CandidateID, to asker: Asker) -> Availability {
    switch id {
    case .intent(let id):
      guard let intent = intents[id] else { return .never }
      guard case .article(let article) = intent.action else { return .sendable }
      return availability(ofArticle: article, to: asker)
    case .article(let id):
      return availability(ofArticle: id, to: asker)
    }
  }

  /// Whether it may be sent to anybody on any day.
  func isForEverybody(_ id: CandidateID) -> Bool {
    switch id {
    case .intent(let id):
      guard let intent = intents[id] else { return false }
      guard case .article(let article) = intent.action else { return true }
      return isForEverybody(.article(article))
    case .article(let id):
      guard let article = articles[id] else { return false }
      return article.audience == .agency && article.regions.isEmpty && article.isAlwaysValid
    }
  }

  /// Whether it holds in some regions only.
  func isRegional(_ id: CandidateID) -> Bool {
    switch id {
    case .article(let id): return articles[id]?.regions.isEmpty == false
    case .intent(let id):
      guard case .article(let article) = intents[id]?.action else { return false }
      return articles[article]?.regions.isEmpty == false
    }
  }

  private func availability(ofArticle id: String, to asker: Asker) -> Availability {
    guard let article = articles[id], article.audience == .agency, article.isValid(on: asker.day) else { return .never }
    if article.regions.isEmpty { return .sendable }
    guard let region = asker.region else { return .needsRegion(article.regions) }
    return article.regions.contains { Region.contains($0, region) } ? .sendable : .never
  }
}

/// Names of regions as authors write them: ISO 3166 codes, or names of their own.
enum Region {
  /// Whether someone in `place` is in `region`. Case does not matter; a member state is in `EU` and `EEA`.
  static func contains(_ region: String, _ place: String) -> Bool {
    let region = canonical(region)
    let place = canonical(place)
    if region == place { return true }
    switch region {
    case "EU": return europeanUnion.contains(place)
    case "EEA": return place == "EU" || europeanUnion.contains(place) || ["IS", "LI", "NO"].contains(place)
    default: return false
    }
  }

  static func canonical(_ region: String) -> String {
    switch region.uppercased() {
    case "UK": "GB"
    case "USA": "US"
    case let code: code
    }
  }

  private static let europeanUnion: Set<String> = [
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
  ]
}
