import Channels
import Encoders
import Foundation
import HTTP
import Support
import Synchronization

/// Connects to the embeddings services that a workspace names.
final class EmbeddingsServices: Sendable {
  private let secrets: SecretReader
  /// Made with the first service: most workspaces name none.
  private let http = Mutex<HTTPClient?>(nil)

  /// - Parameter workspaceFolder: where the paths of secrets start.
  init(workspaceFolder: URL) {
    secrets = SecretReader(environment: ProcessInfo.processInfo.environment, folder: workspaceFolder)
  }

  /// Asks the service for one vector. Blocks until it has answered, or for as long as an answer may take.
  func open(_ settings: EmbeddingsServiceSettings) -> OpenedEncoder {
    do {
      let configuration = EmbeddingsConfiguration(
        baseURL: settings.url, model: settings.model,
        key: try settings.key.map { EmbeddingsConfiguration.Key(try secrets.read($0).bearerToken()) },
        languages: Set(settings.languages))
      let client = try client()
      let clock = ContinuousClock()
      let start = clock.now
      let service = try EmbeddingsService.connect(
        configuration, send: { request throws(HTTPError) in try client.sendAndWait(request) },
        pause: { Thread.sleep(forTimeInterval: $0.inSeconds) }, elapsed: { clock.now - start })
      if let dimension = settings.dimension, dimension != service.dimension {
        return Self.unusable(
          settings,
          "its vectors have \(service.dimension) numbers, greenroom.yml says \(dimension): check 'model' and 'dimension'"
        )
      }
      return OpenedEncoder(RestingEncoder(service, elapsed: { clock.now - start }))
    } catch let error as SentenceEncoderError {
      return Self.unusable(settings, error.description)
    } catch let error as SecretError {
      return Self.unusable(settings, error.description)
    } catch let error as HTTPError {
      return Self.unusable(settings, error.description)
    } catch {
      return Self.unusable(settings, error.localizedDescription)
    }
  }

  private static func unusable(_ settings: EmbeddingsServiceSettings, _ why: String) -> OpenedEncoder {
    OpenedEncoder(health: .init(name: "service:\(settings.model)", state: .unusable, detail: why))
  }

  private func client() throws -> HTTPClient {
    try http.withLock { http in
      if let http { return http }
      let made = try HTTPClient()
      http = made
      return made
    }
  }
}
