import Hummingbird
import Logging
import NIOCore

/// What is known of a request beside itself: its connection, whose event loop keeps the time of streams and polls.
struct ConsoleContext: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}
