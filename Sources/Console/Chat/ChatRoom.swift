import HTTPTypes

/// Who waits for new lines, and for which. It only wakes: the store is the truth, and whoever is woken looks there.
actor ChatRoom {
  enum Topic: Sendable, Hashable {
    /// Anything that a member types: what pollers of the webhook wait for.
    case typed
    /// Anything new in one conversation: what its pages wait for.
    case conversation(String)
  }

  /// One waiter's alarm. Rings that come while it is being answered become one.
  struct Bell: Sendable {
    let rings: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    fileprivate let topic: Topic
    fileprivate let id: Int

    fileprivate init(id: Int, topic: Topic) {
      self.id = id
      self.topic = topic
      (rings, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { continuation.yield() }
    /// Nobody waits any longer: `rings` comes to its end.
    func silence() { continuation.finish() }
  }

  private let limits: ConsoleConfiguration.Limits
  private var bells: [Topic: [Int: Bell]] = [:]
  private var lastID = 0
  private var streams = 0

  init(limits: ConsoleConfiguration.Limits) {
    self.limits = limits
  }

  /// Wakes all who wait for `topic`.
  func ring(_ topic: Topic) {
    bells[topic]?.values.forEach { $0.ring() }
  }

  /// Whether one more may wait.
  func hasPlace(for topic: Topic) -> Bool {
    let here = bells[topic]?.count ?? 0
    return switch topic {
    case .typed: here < limits.waitingPolls
    case .conversation: here < limits.streamsPerConversation && streams < limits.streams
    }
  }

  /// How many wait, for anything.
  var waiting: Int { bells.values.reduce(0) { $0 + $1.count } }

  /// Runs `body` with a bell that rings for `topic`, and takes the bell down whatever happens.
  /// - Throws: `Problem` 429 when too many wait already; what `body` throws.
  func listening<Outcome: Sendable>(
    to topic: Topic, isolation: isolated (any Actor)? = #isolation, _ body: (Bell) async throws -> Outcome
  ) async throws -> Outcome {
    let bell = try await hang(topic)
    do {
      let outcome = try await body(bell)
      await takeDown(bell)
      return outcome
    } catch {
      await takeDown(bell)
      throw error
    }
  }

  private func hang(_ topic: Topic) throws -> Bell {
    guard hasPlace(for: topic) else {
      throw Problem(.tooManyRequests, "too-many-waiting", "Too many connections wait here already.", retryAfter: 5)
    }
    lastID += 1
    let bell = Bell(id: lastID, topic: topic)
    bells[topic, default: [:]][bell.id] = bell
    if case .conversation = topic { streams += 1 }
    return bell
  }

  private func takeDown(_ bell: Bell) {
    bell.silence()
    guard bells[bell.topic]?.removeValue(forKey: bell.id) != nil else { return }
    if bells[bell.topic]?.isEmpty == true { bells[bell.topic] = nil }
    if case .conversation = bell.topic { streams -= 1 }
  }
}
