import HTTPTypes
import Hummingbird
import NIOCore
import Sodium

/// A file that pages load: built into the program, so that nothing has to lie beside it.
struct Asset: Sendable {
  let path: String
  let headers: HTTPFields
  /// Of the content: the same in every run of the same program.
  let tag: String
  private let content: ByteBuffer

  private init(_ path: String, type: String, content: [UInt8]) {
    self.path = path
    self.content = ByteBuffer(bytes: content)
    tag = "\"\(SHA256.hexDigest(of: content).prefix(16))\""
    // Asked for anew every time and almost always answered by 304: a new version of the program shows at once.
    headers = [.contentType: type, .cacheControl: "no-cache"]
  }

  var response: Response {
    Response(
      status: .ok, headers: [.contentLength: "\(content.readableBytes)"], body: ResponseBody(byteBuffer: content))
  }

  static let script = Asset(
    "/chat/app.js", type: "text/javascript; charset=utf-8", content: PackageResources.chat_js)
  static let style = Asset("/chat/style.css", type: "text/css; charset=utf-8", content: PackageResources.chat_css)
  static let icon = Asset("/chat/icon.svg", type: "image/svg+xml", content: PackageResources.icon_svg)

  static let all = [script, style, icon]
}
