/// How the web server is set up.
package struct ConsoleConfiguration: Sendable {
  /// The address to listen on.
  package var host: String
  /// 0 takes any free port; `onListening` tells which.
  package var port: Int
  /// Shown on pages; asked for with every page, so that an edited workspace shows at once.
  package var workspaceName: @Sendable () -> String
  /// Regions offered on the form, in the order in which they are shown; any other can be typed.
  package var regions: @Sendable () -> [String]
  /// What a poller of the chat webhook must present. While it is empty nobody may poll.
  package var webhookToken: String
  /// `https://help.example.org`, where browsers reach the server under another name than the one it is asked by, as
  /// behind a reverse proxy that terminates TLS. With `https` the cookies are marked Secure.
  package var publicOrigin: String?
  package var limits: Limits

  package init(
    host: String = "127.0.0.1", port: Int = 8080, workspaceName: @escaping @Sendable () -> String = { "Greenroom" },
    regions: @escaping @Sendable () -> [String] = { [] }, webhookToken: String, publicOrigin: String? = nil,
    limits: Limits = Limits()
  ) {
    self.host = host
    self.port = port
    self.workspaceName = workspaceName
    self.regions = regions
    self.webhookToken = webhookToken
    self.publicOrigin = publicOrigin
    self.limits = limits
  }

  var cookiesAreSecure: Bool { publicOrigin?.lowercased().hasPrefix("https://") ?? false }

  /// How much of everything one visitor, and all of them, may have.
  package struct Limits: Sendable, Hashable {
    /// Characters of one message.
    package var messageCharacters = 8_000
    /// Bytes of a request of the page.
    package var pageBodyBytes = 64 * 1024
    /// Bytes of a reply over the webhook: whole articles, several at once.
    package var replyBodyBytes = 1024 * 1024
    /// Messages that one conversation may send at once, and per second from then on.
    package var burst = 20
    package var messagesPerSecond = 1.0
    /// Open event streams of one conversation (one for each tab), and of all.
    package var streamsPerConversation = 6
    package var streams = 2_000
    /// Polls that wait at the same time.
    package var waitingPolls = 32
    /// Messages in the answer to one poll.
    package var messagesPerPoll = 200
    /// The longest a poll is held open.
    package var longestWait: Duration = .seconds(60)
    /// Between signs of life on a quiet event stream.
    package var heartbeat: Duration = .seconds(15)
    /// Open connections; more wait in the listen queue.
    package var connections = 4_000
    /// After which a connection that sends nothing, or a request that does not go on, is closed.
    package var idleTimeout: Duration = .seconds(60)

    package init() {}
  }
}
