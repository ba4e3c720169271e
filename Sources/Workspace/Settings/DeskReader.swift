import Support

/// Reads the `desk` of the settings.
struct DeskReader {
  let problems: ProblemLog

  private static let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

  func read(_ settings: YAMLMap) -> DeskSettings {
    var desk = DeskSettings()
    let keys = ["time_zone", "hours", "holidays", "default_queue", "queues"]
    guard let map = settings.map("desk", what: "the desk", keys: keys) else { return desk }
    if let zone = map.timeZone("time_zone") { desk.calendar.timeZone = zone }
    if let hours = map.map("hours", what: "the hours of the week", keys: Self.days) {
      // Given hours are the whole week: a day that is not named is closed.
      desk.calendar.hours = [:]
      for (index, day) in Self.days.enumerated() {
        if let opening = readHours(hours, day) { desk.calendar.hours[index + 1] = opening }
      }
    }
    for holiday in map.texts("holidays") {
      if let day = YAMLMap.day(holiday, "a holiday", problems) { desk.calendar.holidays.insert(day) }
    }
    readQueues(map, into: &desk)
    return desk
  }

  private func readQueues(_ map: YAMLMap, into desk: inout DeskSettings) {
    let queues = map.texts("queues")
    for (index, queue) in queues.enumerated() where queues[..<index].contains(where: { $0.text == queue.text }) {
      problems.error(at: queue.location, "The queue '\(queue.text.clipped)' is listed twice.")
    }
    desk.queues = queues.map(\.text)
    let chosen = map.text("default_queue")
    if let chosen { desk.defaultQueue = chosen.text }
    guard !desk.queues.isEmpty, !desk.queues.contains(desk.defaultQueue) else { return }
    if let chosen {
      problems.error(
        at: chosen.location,
        "'default_queue' must be one of 'queues'; '\(chosen.text.clipped)' is not."
          + NearMiss.hint(chosen.text, among: desk.queues))
    } else {
      problems.error(
        at: map.keyLocation("queues") ?? map.location,
        "'\(desk.defaultQueue)' is not among the queues: add it, or name another one as 'default_queue'.")
    }
  }

  /// `09:00-18:00`, or `closed`.
  private func readHours(_ map: YAMLMap, _ day: String) -> BusinessCalendar.Hours? {
    guard let line = map.text(day), line.text != "closed" else { return nil }
    let parts = line.text.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "–" }
    guard parts.count == 2, let opens = Self.minutes(parts[0]), let closes = Self.minutes(parts[1]) else {
      problems.error(
        at: line.location,
        "'\(day)' must be opening hours such as 09:00-18:00, or closed; found '\(line.text.clipped)'.")
      return nil
    }
    guard opens < closes else {
      problems.error(at: line.location, "'\(day)' must open before it closes; found '\(line.text.clipped)'.")
      return nil
    }
    return BusinessCalendar.Hours(opens: opens, closes: closes)
  }

  /// After midnight; `24:00` is the end of the day.
  private static func minutes(_ text: Substring) -> Int? {
    let trimmed = text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
    let parts = String(trimmed).split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
      parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      let hour = Int(parts[0]), let minute = Int(parts[1]), minute < 60, hour * 60 + minute <= 24 * 60
    else { return nil }
    return hour * 60 + minute
  }
}
