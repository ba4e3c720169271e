import Support

/// Reads the `service_levels` of the settings.
struct ServiceLevelReader {
  let problems: ProblemLog

  func read(_ settings: YAMLMap) -> ServiceLevels {
    let priorities = TicketPriority.allCases
    let names = priorities.reversed().map(\.rawValue)
    guard let map = settings.map("service_levels", what: "the service levels", keys: names) else {
      return ServiceLevels()
    }
    var levels: [TicketPriority: ServiceLevels.Level] = [:]
    for priority in priorities {
      let keys = ["first_response", "resolution", "around_the_clock"]
      guard let below = map.map(priority.rawValue, what: "a service level", keys: keys),
        var level = ServiceLevels.defaults[priority]
      else { continue }
      let first = minutes(below, "first_response")
      let resolution = minutes(below, "resolution")
      if let first { level.firstResponseMinutes = first.minutes }
      if let resolution { level.resolutionMinutes = resolution.minutes }
      if let aroundTheClock = below.bool("around_the_clock") { level.aroundTheClock = aroundTheClock }
      if let target = level.resolutionMinutes, target < level.firstResponseMinutes,
        let location = resolution?.location ?? first?.location
      {
        problems.error(
          at: location,
          "The resolution (\(target) minutes) must not be due before the first response (\(level.firstResponseMinutes))."
        )
      }
      levels[priority] = level
    }
    return ServiceLevels(levels: levels)
  }

  private func minutes(_ map: YAMLMap, _ key: String) -> (minutes: Int, location: SourceLocation)? {
    map.duration(key, units: ["m", "h", "d"]).map { ($0.seconds / 60, $0.location) }
  }
}
