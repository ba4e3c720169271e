import JSON
import Support

/// A homeserver, asked as the bot: with its token, and once more with a new one where the old has ceased to be good.
struct MatrixClient: Sendable {
  let server: MatrixServer
  let session: MatrixSession

  func bytes(_ call: MatrixCall) async throws -> [UInt8] {
    let identity = try await session.identity()
    do {
      return try await server.bytes(call, token: identity.token)
    } catch let refusal as MatrixRefusal where refusal.isAboutToken {
      let renewed = try await session.identity(rejected: identity.token)
      guard renewed.token != identity.token else { throw refusal }
      return try await server.bytes(call, token: renewed.token)
    }
  }

  func value(_ call: MatrixCall) async throws -> JSONValue {
    let body = try await bytes(call)
    do throws(JSONError) {
      return try JSONValue.parse(body, maximumDepth: MatrixServer.depth)
    } catch {
      throw server.malformed(call, "is not good JSON: \(error)")
    }
  }

  /// The answer with its events; those that cannot be read are set aside, and the others are there all the same.
  func events(_ call: MatrixCall, setAside: inout [UnreadableMessage]) async throws -> JSONValue {
    let body = try await bytes(call)
    do throws(JSONError) {
      return try JSONValue.parse(body, maximumDepth: MatrixServer.depth)
    } catch {
      guard error.code != .outOfMemory, let rest = EventPieces.read(body, setAside: &setAside) else {
        throw server.malformed(call, "is not good JSON: \(error)")
      }
      return rest
    }
  }
}
