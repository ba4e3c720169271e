import Support

/// One of the figures that are compared with the week before, as Markdown and HTML show it.
struct FigureRow {
  var name: String
  var now: String
  var before: String
  var change: String

  var cells: [String] { [name, now, before, change] }

  static func all(of update: WeeklyUpdate) -> [FigureRow] {
    let now = update.figures
    let then = update.before
    func share(_ name: String, _ figure: (WeekFigures) -> Ratio) -> FigureRow {
      FigureRow(share: name, figure(now), figure(then))
    }
    return [
      FigureRow(count: "Messages in", now.volume.messagesIn, then.volume.messagesIn),
      FigureRow(count: "Questions", now.volume.questions, then.volume.questions),
      FigureRow(count: "Conversations", now.volume.conversations, then.volume.conversations),
      FigureRow(count: "Agencies", now.volume.agencies, then.volume.agencies),
      share("Answered") { Ratio($0.outcomes.answered, of: $0.outcomes.all) },
      share("Asked back") { Ratio($0.outcomes.askedBack, of: $0.outcomes.all) },
      share("Escalated") { Ratio($0.outcomes.escalated, of: $0.outcomes.all) },
      share("Silent") { Ratio($0.outcomes.silent, of: $0.outcomes.all) },
      share("Deflection") { $0.outcomes.deflection },
      share("Conversations without a person", \.withoutPerson),
      FigureRow(time: "Bot's reply, p50", now.botResponse?.p50, then.botResponse?.p50),
      FigureRow(time: "Bot's reply, p90", now.botResponse?.p90, then.botResponse?.p90),
      FigureRow(time: "Person's first reply, p50", now.personResponse?.p50, then.personResponse?.p50),
      FigureRow(time: "Person's first reply, p90", now.personResponse?.p90, then.personResponse?.p90),
      share("Person's first reply in time", \.repliedInTime),
      FigureRow(count: "Tickets opened", now.ticketsOpened, then.ticketsOpened),
      FigureRow(count: "Tickets resolved", now.ticketsResolved, then.ticketsResolved),
      FigureRow(count: "Replies held", now.repliesHeld, then.repliesHeld),
    ]
  }

  init(count name: String, _ now: Int, _ before: Int) {
    self.init(name, Figure.count(now), Figure.count(before), Figure.change(now - before))
  }

  init(share name: String, _ now: Ratio, _ before: Ratio) {
    self.init(
      name, Figure.percent(now.share), Figure.percent(before.share),
      Self.points(now.share, before.share).map { "\($0) pts" } ?? "–")
  }

  init(time name: String, _ now: Double?, _ before: Double?) {
    let change =
      if let now, let before {
        now == before
          ? "±0" : (now > before ? "+" : "−") + Figure.duration(abs(now - before))
      } else {
        "–"
      }
    self.init(name, now.map(Figure.duration) ?? "–", before.map(Figure.duration) ?? "–", change)
  }

  private init(_ name: String, _ now: String, _ before: String, _ change: String) {
    self.name = name
    self.now = now
    self.before = before
    self.change = change
  }

  private static func points(_ now: Double?, _ before: Double?) -> String? {
    guard let now, let before else { return nil }
    return Figure.points(now - before)
  }
}

/// How a topic stands against the week before.
enum TopicMark {
  static func text(_ topic: Topic) -> String {
    switch topic.change {
    case .new: "new"
    case .gone: "gone"
    case .same: "as before"
    case .more, .fewer: Figure.change(topic.count - topic.before)
    }
  }
}
