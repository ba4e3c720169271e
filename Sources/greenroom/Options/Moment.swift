import ArgumentParser
import Foundation
import Support

/// A point in time on the command line: a day (UTC midnight), an RFC 3339 time, or an age.
struct Moment: ExpressibleByArgument {
  let date: Date

  init?(argument: String) {
    if let day = CalendarDay(argument), let date = try? Date("\(day)T00:00:00Z", strategy: .iso8601) {
      self.date = date
    } else if let date = try? Date(argument, strategy: .iso8601) {
      self.date = date
    } else if let unit = argument.last, let count = Double(argument.dropLast()), count >= 0,
      let seconds = ["s": 1.0, "m": 60, "h": 3600, "d": 86_400, "w": 604_800][String(unit)]
    {
      date = Date().addingTimeInterval(-count * seconds)
    } else {
      return nil
    }
  }
}
