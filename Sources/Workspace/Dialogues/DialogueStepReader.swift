import Support

/// Reads one step of a dialogue.
struct DialogueStepReader {
  /// What `matched` is held against, if there is one.
  let content: WorkspaceContent?
  let problems: ProblemLog

  private static let actions = ["agency", "take", "reply", "resolve", "wait"]
  private static let expectations = ["decision", "matched", "reply_contains", "reply_lacks", "ticket"]

  func read(_ node: YAMLNode) -> Dialogue.Step? {
    guard let map = YAMLMap(node, what: "a step", keys: Self.actions + Self.expectations, problems) else { return nil }
    let given = Self.actions.filter(map.has)
    guard given.count == 1, let action = given.first else {
      problems.error(
        at: given.compactMap(map.keyLocation).max() ?? map.location,
        "A step is one of 'agency', 'take', 'reply', 'resolve' and 'wait'; "
          + (given.isEmpty ? "this one is none of them." : "this one is \(given.joined(separator: " and ")).")
      )
      return nil
    }
    if action != "agency" {
      for key in Self.expectations {
        guard let location = map.keyLocation(key) else { continue }
        problems.error(at: location, "'\(key)' belongs to a step with 'agency'.")
      }
    }
    return readAction(action, map).map { Dialogue.Step($0, at: map.keyLocation(action) ?? map.location) }
  }

  private func readAction(_ action: String, _ map: YAMLMap) -> Dialogue.Step.Action? {
    switch action {
    case "agency":
      let expected = readExpectation(map)
      return map.requiredText(action).map { .agency($0.text, expected) }
    case "take": return map.requiredText(action).map { .take($0.text) }
    case "reply": return map.requiredText(action).map { .reply($0.text) }
    case "resolve":
      guard map.holds(action), let value = map.bool(action) else {
        if !map.holds(action) { map.reportMissing(action, " Write resolve: true.") }
        return nil
      }
      guard value else {
        problems.error(at: map.entryQuietly(action)?.location ?? map.location, "'resolve' takes only true.")
        return nil
      }
      return .resolve
    default:
      guard map.holds(action) else {
        map.reportMissing(action, " Write a length of time such as 2h.")
        return nil
      }
      return map.duration(action, units: ["s", "m", "h", "d"]).map { .wait(.seconds($0.seconds)) }
    }
  }

  private func readExpectation(_ map: YAMLMap) -> Dialogue.Expectation {
    Dialogue.Expectation(
      decision: map.choice("decision", Decision.Kind.allCases),
      matched: readMatched(map),
      replyContains: map.textOrTexts("reply_contains").map(\.text),
      replyLacks: map.textOrTexts("reply_lacks").map(\.text),
      ticket: readTicket(map))
  }

  private func readMatched(_ map: YAMLMap) -> CandidateID? {
    guard let line = map.text("matched") else { return nil }
    guard let id = CandidateID(line.text) else {
      problems.error(
        at: line.location,
        "'matched' must be intent:ID or article:ID, such as article:payouts/late-payout; found '\(line.text.clipped)'.")
      return nil
    }
    guard let content else { return id }
    let known: [CandidateID] = content.intents.map { .intent($0.id) } + content.articles.map { .article($0.id) }
    if !known.contains(id) {
      problems.error(
        at: line.location,
        "This workspace has no \(id.description.clipped).\(NearMiss.hint(id.description, among: known.map(\.description)))"
      )
    }
    return id
  }

  private func readTicket(_ map: YAMLMap) -> Dialogue.Expectation.Ticket? {
    guard let node = map.entry("ticket")?.value else { return nil }
    if case .scalar("none", _) = node.content { return .noTicket }
    let keys = ["queue", "priority", "tags", "slots"]
    guard case .map = node.content else {
      problems.error(
        at: node.location, "'ticket' must be none, or a map such as {queue: payouts}; found \(node.shown).")
      return nil
    }
    guard let below = YAMLMap(node, what: "the ticket", keys: keys, problems) else { return nil }
    var slots: [String: String] = [:]
    for pair in below.pairs("slots", of: "slot names and values") {
      slots[pair.key] = YAMLMap.text(of: pair.value, "the slot '\(pair.key.clipped)'", problems)?.text
    }
    return .opened(
      Dialogue.TicketExpectation(
        queue: below.text("queue")?.text, priority: below.choice("priority", TicketPriority.allCases),
        tags: below.texts("tags").map(\.text), slots: slots))
  }
}
