import CCurl

/// One request on its way, and what has come back so far.
///
/// `@unchecked Sendable`: made on the caller's thread and handed over whole; from then on only the loop's thread touches
/// it (libcurl calls back on the thread that drives it).
final class Transfer: @unchecked Sendable {
  let id: Int
  let request: HTTPRequest
  let target: RequestTarget
  private let completion: @Sendable (Result<HTTPResponse, any Error>) -> Void

  private var headerList: UnsafeMutablePointer<curl_slist>?
  private var headers = HTTPHeaders()
  private var headerBytes = 0
  private var body: [UInt8] = []
  private var isTooLarge = false

  /// For all header lines of one answer, in bytes.
  private static let maximumHeaderBytes = 256 << 10

  init(
    id: Int, request: HTTPRequest, target: RequestTarget,
    completion: @escaping @Sendable (Result<HTTPResponse, any Error>) -> Void
  ) {
    self.id = id
    self.request = request
    self.target = target
    self.completion = completion
  }

  deinit { curl_slist_free_all(headerList) }

  /// Sets the handle up for the request. The handle keeps a pointer to this object, which must outlive the transfer.
  /// - Returns: whether libcurl took every option.
  func configure(_ handle: EasyHandle) -> Bool {
    var isGood = true
    func set(_ option: CURLoption, _ value: Int) {
      isGood = greenroom_curl_set_long(handle.pointer, option, value) == CURLE_OK && isGood
    }
    func set(_ option: CURLoption, _ value: String) {
      isGood = greenroom_curl_set_string(handle.pointer, option, value) == CURLE_OK && isGood
    }
    set(CURLOPT_URL, request.url)
    set(CURLOPT_PATH_AS_IS, 1)
    set(CURLOPT_PROTOCOLS_STR, "http,https")
    set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
    set(CURLOPT_ACCEPT_ENCODING, "")
    set(CURLOPT_FRESH_CONNECT, request.usesNewConnection ? 1 : 0)
    set(CURLOPT_TIMEOUT_MS, request.timeout.milliseconds)
    set(CURLOPT_CONNECTTIMEOUT_MS, request.connectTimeout.milliseconds)
    set(CURLOPT_LOW_SPEED_LIMIT, 16)
    set(CURLOPT_LOW_SPEED_TIME, max(request.stallTimeout.milliseconds / 1000, 1))
    set(CURLOPT_TCP_KEEPALIVE, 1)
    set(CURLOPT_NOSIGNAL, 1)
    // A name look-up under way is left behind, not waited for: the loop's thread serves everybody.
    set(CURLOPT_QUICK_EXIT, 1)
    if target.isLoopback { set(CURLOPT_NOPROXY, "*") }
    isGood = setMethodAndBody(handle) && isGood
    isGood = setHeaders(handle) && isGood
    isGood = setReceivers(handle) && isGood
    let limit = curl_off_t(request.maximumResponseBody)
    return greenroom_curl_set_offset(handle.pointer, CURLOPT_MAXFILESIZE_LARGE, limit) == CURLE_OK && isGood
  }

  private func setMethodAndBody(_ handle: EasyHandle) -> Bool {
    var isGood = true
    if let body = request.body {
      isGood =
        greenroom_curl_set_offset(handle.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count)) == CURLE_OK
      // libcurl copies the bytes.
      var bytes = body.isEmpty ? [0] : body
      isGood = greenroom_curl_set_pointer(handle.pointer, CURLOPT_COPYPOSTFIELDS, &bytes) == CURLE_OK && isGood
    }
    switch request.method {
    case .get where request.body == nil: break
    case .head: isGood = greenroom_curl_set_long(handle.pointer, CURLOPT_NOBODY, 1) == CURLE_OK && isGood
    case .post where request.body != nil: break
    default:
      let method = request.method.rawValue
      isGood = greenroom_curl_set_string(handle.pointer, CURLOPT_CUSTOMREQUEST, method) == CURLE_OK && isGood
    }
    return isGood
  }

  private func setHeaders(_ handle: EasyHandle) -> Bool {
    // "Expect: 100-continue" would cost a round trip, and a second with servers that do not know it.
    var lines = ["Expect:"]
    for field in request.headers.fields {
      // libcurl's way to send a header that has no value.
      lines.append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)")
    }
    if request.body != nil, request.headers["Content-Type"] == nil { lines.append("Content-Type:") }
    for line in lines {
      guard let longer = curl_slist_append(headerList, line) else { return false }
      headerList = longer
    }
    return greenroom_curl_set_list(handle.pointer, CURLOPT_HTTPHEADER, headerList) == CURLE_OK
  }

  private func setReceivers(_ handle: EasyHandle) -> Bool {
    let context = Unmanaged.passUnretained(self).toOpaque()
    return greenroom_curl_set_pointer(handle.pointer, CURLOPT_WRITEDATA, context) == CURLE_OK
      && greenroom_curl_set_pointer(handle.pointer, CURLOPT_HEADERDATA, context) == CURLE_OK
      && greenroom_curl_set_receiver(handle.pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
        Transfer.at(context)?.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      } == CURLE_OK
      && greenroom_curl_set_receiver(handle.pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
        Transfer.at(context)?.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      } == CURLE_OK
  }

  private static func at(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  /// - Returns: how many bytes were taken; fewer than given ends the transfer.
  private func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= request.maximumResponseBody else {
      isTooLarge = true
      return 0
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Int {
    headerBytes += line.count
    guard headerBytes <= Self.maximumHeaderBytes else {
      isTooLarge = true
      return 0
    }
    if line.starts(with: Array("HTTP/".utf8)) {
      // The final answer after one of 1xx, or after the proxy's.
      headers = HTTPHeaders()
    } else if let colon = line.firstIndex(of: UInt8(ascii: ":")) {
      headers.add(name: Self.trimmed(line[..<colon]), value: Self.trimmed(line[(colon + 1)...]))
    }
    return line.count
  }

  private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
    func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D, 0x0A].contains(byte) }
    guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(decoding: bytes[first...last], as: UTF8.self)
  }

  /// The transfer is over: the caller goes on with the answer or the error.
  func finish(_ result: CURLcode, handle: EasyHandle) {
    if isTooLarge {
      fail(HTTPError.tooLarge(request.maximumResponseBody, server: target.server))
    } else if result != CURLE_OK {
      fail(HTTPError(result, server: target.server, request: request))
    } else {
      var status = 0
      greenroom_curl_get_long(handle.pointer, CURLINFO_RESPONSE_CODE, &status)
      completion(.success(HTTPResponse(status: status, headers: headers, body: body)))
    }
  }

  func fail(_ error: any Error) {
    completion(.failure(error))
  }
}

extension Duration {
  /// Rounded down, at least 1: libcurl reads 0 as "no limit".
  var milliseconds: Int {
    let (seconds, attoseconds) = components
    return max(Int(min(seconds, 1 << 30)) * 1000 + Int(attoseconds / 1_000_000_000_000_000), 1)
  }
}
