import JSON
import Support

extension SlackPolling {
  /// A message under which there are answers that have not been read.
  func watch(_ event: SlackEvent, _ room: inout SlackCursor.Room, _ identity: SlackIdentity) {
    guard event.thread == nil, event.latestReply != nil || event.replyCount > 0 else { return }
    let isForBot =
      room.isDirect || event.replyUsers.contains(identity.user) || event.kind == .own
      || SlackText.mentions(event.value["text"]?.string ?? "", identity.user)
    if let place = room.threads.firstIndex(where: { $0.root == event.time }) {
      // Where Slack does not say when the latest answer came, their number tells.
      let isNew =
        event.latestReply.map { $0 > room.threads[place].line.known } ?? (event.replyCount != room.threads[place].count)
      if isNew { room.threads[place].isDue = true }
      room.threads[place].count = event.replyCount
      if isForBot { room.threads[place].isForBot = true }
      return
    }
    let from = max(event.time, room.began)
    if let latest = event.latestReply, latest <= from { return }
    // An old thread that fell out of those watched, with nothing new since, is known by the ledger message by message.
    room.threads.append(
      .init(root: event.time, line: .init(from: from), isForBot: isForBot, count: event.replyCount, isDue: true))
    dropIdle(&room)
  }

  /// Threads that the bot has answered in, which may stand far back by now: for what people answer there, and for thumbs.
  func watch(_ roots: [SlackTime], _ room: inout SlackCursor.Room) {
    for root in roots where !room.threads.contains(where: { $0.root == root }) {
      room.threads.append(.init(root: root, line: .init(from: max(root, room.began)), isForBot: true, isDue: false))
    }
    dropIdle(&room)
  }

  private func dropIdle(_ room: inout SlackCursor.Room) {
    while room.threads.count > Self.threadsWatched, let idle = room.threads.firstIndex(where: { !$0.isDue }) {
      room.threads.remove(at: idle)
    }
  }

  /// Those with something new, then one more, whose thumbs and edits are looked at.
  func readThreads(
    _ room: inout SlackCursor.Room, _ identity: SlackIdentity, _ poll: inout Poll
  ) async throws {
    var left = max(1, min(server.pace.free(Self.repliesMethod), 8))
    while left > 0, let place = room.threads.firstIndex(where: \.isDue) ?? (left > 1 ? room.threads.indices.first : nil)
    {
      let isLook = !room.threads[place].isDue
      // To the end of the list: each has its turn.
      var thread = room.threads.remove(at: place)
      do {
        try await read(&thread, in: room, identity, &poll)
        room.threads.append(thread)
      } catch let refusal as SlackRefusal where ["thread_not_found", "message_not_found"].contains(refusal.code) {
        // Taken back as a whole.
      } catch {
        room.threads.insert(thread, at: min(place, room.threads.count))
        // The room's own messages have been read: they are kept, and the thread is read next time.
        if error is CancellationError || (error as? SlackRefusal)?.isAboutToken == true { throw error }
        guard !poll.isEmpty || (error as? SlackRefusal)?.isRateLimit == true else { throw error }
        return
      }
      if isLook { return }
      left -= 1
    }
  }

  private func read(
    _ old: inout SlackCursor.Thread, in room: SlackCursor.Room, _ identity: SlackIdentity, _ poll: inout Poll
  ) async throws {
    var thread = old
    var values: [JSONValue] = []
    var next: String?
    var isWhole = false
    for _ in 0..<Self.mostPagesAtOnce {
      var query = [
        ("channel", room.id), ("ts", thread.root.text), ("oldest", thread.line.floor.text),
        ("limit", String(Self.pageSize)), ("include_all_metadata", "true"),
      ]
      if let next { query.append(("cursor", next)) }
      let page = try await page(Self.repliesMethod, query, "a poll of a thread")
      values += page.values
      guard page.hasMore, let following = page.next, following != next else {
        isWhole = !page.hasMore || page.next == nil
        break
      }
      next = following
    }
    var taken = poll
    let events = events(values, in: room.id, &thread.line, identity, &taken)
    let reader = SlackMessageReader(session: session, settings: settings, identity: identity, now: now())
    if events.contains(where: { event in
      event.kind == .own || event.replyUsers.contains(identity.user)
        || (event.time == thread.root && SlackText.mentions(event.value["text"]?.string ?? "", identity.user))
    }) {
      thread.isForBot = true
    }
    let floor = thread.line.floor
    for event in events where event.time != thread.root && event.time > max(room.began, thread.root) {
      if SlackText.mentions(event.value["text"]?.string ?? "", identity.user) { thread.isForBot = true }
      try await reader.read(event, in: room, isInThreadForBot: thread.isForBot, &thread.line, &taken)
    }
    if isWhole {
      reader.noteDeletions(from: floor, present: Set(events.map(\.time)), in: room.id, &thread.line, &taken)
    }
    thread.line.trim(to: Self.recentInThread)
    thread.isDue = !isWhole
    old = thread
    poll = taken
  }
}
