import Support

/// Numbers as people read them, the same on every machine: no locale is asked.
enum Figure {
  /// `12,345`.
  static func count(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var grouped = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { grouped += "," }
      grouped.append(digit)
    }
    return (number < 0 ? "−" : "") + grouped
  }

  /// `1 question`, `2 questions`.
  static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(count(number)) \(number == 1 ? noun : plural ?? noun + "s")"
  }

  /// `71.2 %` of 0.712; a dash for nil.
  static func percent(_ share: Double?) -> String {
    share.map { decimal($0 * 100, places: 1) + " %" } ?? "–"
  }

  /// `+3.1` of 0.031: percentage points with their sign.
  static func points(_ change: Double) -> String {
    let tenths = Int((change * 1000).rounded())
    return tenths == 0 ? "±0.0" : (tenths > 0 ? "+" : "−") + decimal(Double(abs(tenths)) / 10, places: 1)
  }

  /// `+12`, `−3`, `±0`.
  static func change(_ number: Int) -> String {
    number == 0 ? "±0" : (number > 0 ? "+" : "−") + count(abs(number))
  }

  /// `340 ms`, `1.4 s`, `12 min`, `3 h 20 min`, `2 d 4 h`: never more than two units, cut, not rounded up.
  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "–" }
    // By what is shown, so that 59.97 s is not written as 60.0 s.
    let milliseconds = Int((seconds * 1000).rounded())
    if milliseconds < 1000 { return "\(milliseconds) ms" }
    if milliseconds < 59_950 { return decimal(seconds, places: 1) + " s" }
    let minutes = (milliseconds + 500) / 60_000
    if minutes < 1 { return "1 min" }
    if minutes < 60 { return "\(minutes) min" }
    if minutes < 48 * 60 { return joined(minutes / 60, "h", minutes % 60, "min") }
    return joined(minutes / 1440, "d", minutes % 1440 / 60, "h")
  }

  /// With so many digits after the point, rounded half away from zero.
  static func decimal(_ number: Double, places: Int) -> String {
    guard number.isFinite, abs(number) < 1e15 else { return "–" }
    var scale = 1
    for _ in 0..<places { scale *= 10 }
    let scaled = Int((abs(number) * Double(scale)).rounded())
    let fraction = places == 0 ? "" : "." + padded(scaled % scale, places)
    return (number < 0 && scaled != 0 ? "-" : "") + String(scaled / scale) + fraction
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private static func joined(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
    small == 0 ? "\(large) \(largeUnit)" : "\(large) \(largeUnit) \(small) \(smallUnit)"
  }
}

/// Days as people read them, in English and with no locale.
enum DayName {
  static let short = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  static let long = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
  ]

  /// `16 November 2026`.
  static func full(_ day: CalendarDay) -> String { "\(day.day) \(month(day)) \(day.year)" }

  /// `16 Nov`.
  static func brief(_ day: CalendarDay) -> String { "\(day.day) \(month(day).prefix(3))" }

  /// `16–22 November 2026`, `28 September – 4 October 2026`, `28 December 2026 – 3 January 2027`.
  static func range(_ first: CalendarDay, _ last: CalendarDay) -> String {
    if first.year != last.year { return "\(full(first)) – \(full(last))" }
    if first.month != last.month { return "\(first.day) \(month(first)) – \(full(last))" }
    return "\(first.day)–\(full(last))"
  }

  private static func month(_ day: CalendarDay) -> String {
    months.indices.contains(day.month - 1) ? months[day.month - 1] : "?"
  }
}
