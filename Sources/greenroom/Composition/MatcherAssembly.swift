import Bot
import Cache
import Encoders
import Foundation
import Matching
import Support
import Synchronization

/// Makes matchers: opens the encoders that a workspace names, each once, and keeps what is worked out in the data folder.
///
/// Nothing here fails. What cannot be opened is left out, and `health(of:)` says so.
final class MatcherAssembly: Sendable {
  private let dataFolder: URL
  private let services: EmbeddingsServices
  private let usesEncoders: Bool
  private let cache: CacheFolder?
  /// What became of each encoder that a workspace has named.
  private let opened = Mutex<[EncoderSettings: OpenedEncoder]>([:])

  /// What has not been used for this long is removed from the cache, and the oldest when all of it takes more room.
  private static let cacheAge: TimeInterval = 30 * 86_400
  private static let cacheSize = 8 << 30

  /// - Parameters:
  ///   - dataFolder: need not be there: then there are no models and nothing is kept.
  ///   - workspaceFolder: where the paths of secrets start.
  init(dataFolder: URL, workspaceFolder: URL, usesEncoders: Bool = true, usesCache: Bool = true) {
    self.dataFolder = dataFolder
    self.usesEncoders = usesEncoders
    services = EmbeddingsServices(workspaceFolder: workspaceFolder)
    var isFolder: ObjCBool = false
    let isThere = FileManager.default.fileExists(
      atPath: dataFolder.path(percentEncoded: false), isDirectory: &isFolder)
    // A command that only looks makes no folder of its own.
    cache =
      usesCache && isThere && isFolder.boolValue
      ? CacheFolder(dataFolder.appending(path: "cache", directoryHint: .isDirectory), now: { Date() }) : nil
  }

  /// The matcher of a workspace, with those of its encoders that can be used. Takes seconds where there is much that is
  /// not in the cache. Blocks.
  func matcher(
    of content: WorkspaceContent, corrections: [Correction],
    progress: @escaping @Sendable (MatcherProgress) -> Void = { _ in }
  ) -> Matcher {
    let encoders = content.settings.matching.encoders.compactMap { open($0).encoder }
    let matcher = Matcher(content, encoders: encoders, cache: cache, corrections: corrections, progress: progress)
    // A service that failed while the workspace was encoded is no part of this matcher; it is tried again for another one.
    opened.withLock { opened in opened = opened.mapValues(\.withoutFailure) }
    cache?.prune(unusedFor: Self.cacheAge, keepingAtMost: Self.cacheSize)
    return matcher
  }

  /// Whether an encoder of this workspace that could not be opened before can be now. Blocks.
  func hasMore(for content: WorkspaceContent) -> Bool {
    let closed = content.settings.matching.encoders.filter { opened(as: $0)?.encoder == nil }
    // Each of them is tried, so that one matcher is made with all.
    return closed.map { open($0).encoder != nil }.contains(true)
  }

  /// For the services that run the bot.
  var source: MatcherSource {
    MatcherSource(make: { self.matcher(of: $0, corrections: $1) }, hasMore: { self.hasMore(for: $0) })
  }

  /// What a workspace is matched with for which a matcher has been made.
  func health(of settings: MatchingSettings) -> MatchingHealth {
    // Opens nothing: whoever asks how things stand must not wait for a service.
    let encoders = usesEncoders ? settings.encoders.compactMap { opened(as: $0)?.health } : []
    let condition = cache.map { cache in cache.problem.map { .failing($0.description) } ?? MatchingHealth.Cache.kept }
    return MatchingHealth(encoders: encoders, cache: condition ?? .off)
  }

  private func opened(as settings: EncoderSettings) -> OpenedEncoder? { opened.withLock { $0[settings] } }

  /// An encoder that is open stays so; one that is not is tried again.
  private func open(_ settings: EncoderSettings) -> OpenedEncoder {
    if let known = opened(as: settings), known.encoder != nil { return known }
    guard usesEncoders else {
      return OpenedEncoder(health: .init(name: settings.name, state: .missing, detail: "not asked for"))
    }
    let result =
      switch settings {
      case .model(let model): OpenedEncoder(model.encoderModel, in: dataFolder)
      case .service(let service): services.open(service)
      }
    opened.withLock { $0[settings] = result }
    return result
  }
}

extension EncoderSettings.InProcess {
  var encoderModel: EncoderModel {
    switch self {
    case .minilm: .minilm
    case .use: .use
    }
  }
}
