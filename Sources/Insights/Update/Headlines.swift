import Support

/// The week in a few sentences, for people who read nothing else. Markdown and HTML say the same.
struct Headlines {
  let sentences: [String]

  init(_ update: WeeklyUpdate) {
    guard update.figures.volume.messagesIn > 0 else {
      sentences = ["Nobody wrote this week."] + Self.tickets(update)
      return
    }
    sentences =
      [Self.volume(update), Self.outcomes(update)].compactMap { $0 } + Self.topics(update) + Self.gaps(update)
      + Self.tickets(update)
  }

  private static func volume(_ update: WeeklyUpdate) -> String {
    let now = update.figures.volume
    let then = update.before.volume
    var sentence =
      "\(Figure.count(now.questions, "question")) from \(Figure.count(now.agencies, "agency", "agencies"))"
    if then.questions > 0 {
      let change = (Double(now.questions) / Double(then.questions) - 1) * 100
      sentence +=
        abs(change) < 0.5
        ? ", as many as the week before"
        : ", \(Figure.decimal(abs(change), places: 0)) % \(change > 0 ? "more" : "fewer") than the week before"
    }
    return sentence + "."
  }

  private static func outcomes(_ update: WeeklyUpdate) -> String? {
    guard let share = update.figures.outcomes.deflection.share else { return nil }
    var sentence = "The bot answered \(Figure.percent(share)) of the questions that needed an answer"
    if let before = update.before.outcomes.deflection.share {
      sentence += " (\(Figure.points(share - before)) points)"
    }
    if let response = update.figures.botResponse {
      sentence += ", half of its replies within \(Figure.duration(response.p50))"
    }
    return sentence + "."
  }

  private static func topics(_ update: WeeklyUpdate) -> [String] {
    // What rose most; a handful more of something is no news.
    let risen = update.topics.filter { $0.count - $0.before >= 3 }
      .min { ($1.count - $1.before, $0.id.description) < ($0.count - $0.before, $1.id.description) }
    guard let risen, update.before.volume.questions > 0 else { return [] }
    let how = risen.before == 0 ? "new, \(risen.count) times" : "\(risen.count) times, \(risen.before) the week before"
    return ["Asked more: “\(risen.title)” (\(how))."]
  }

  private static func gaps(_ update: WeeklyUpdate) -> [String] {
    guard update.unansweredQuestions > 0, let first = update.unanswered.first else { return [] }
    let verb = update.unansweredQuestions == 1 ? "was" : "were"
    var sentence =
      "\(Figure.count(update.unansweredQuestions, "question")) \(verb) answered by nothing in the workspace"
    if first.count > 1 { sentence += "; most often “\(first.label)” (\(first.count) times)" }
    return [sentence + "."]
  }

  private static func tickets(_ update: WeeklyUpdate) -> [String] {
    let open = update.openTickets
    guard open.count > 0 || update.figures.ticketsOpened > 0 else { return [] }
    var sentence = "\(Figure.count(open.count, "ticket")) \(open.count == 1 ? "is" : "are") open"
    if open.overdue > 0 { sentence += ", \(Figure.count(open.overdue)) of them past the time for a first reply" }
    return [
      sentence + "; \(Figure.count(update.figures.ticketsOpened)) opened and "
        + "\(Figure.count(update.figures.ticketsResolved)) resolved this week."
    ]
  }
}
