extension Client {
  /// Makes one attempt. What keeps it from being sent ends the exchange.
  func send(_ exchange: Exchange, now: Double) {
    let request = exchange.request
    do throws(HTTPFailure) {
      guard request.requestClass == .read || configuration.protection != .readOnly else {
        throw .refused(.readOnly)
      }
      let token = try currentToken(refused: nil)
      let multi = try readyMulti()
      let headers = try headerList(for: request, token: token)
      guard Self.isPath(exchange.target) else { throw .refused(.malformedPath(exchange.target)) }
      guard let transfer = multi.makeTransfer() else { throw .library(detail: "out of memory") }
      transfer.prepare(
        method: request.method, url: configuration.base.origin + exchange.target, headers: headers,
        body: request.body, mayResend: request.requestClass == .read,
        deadlines: request.deadlines ?? configuration.deadlines,
        maximumBody: max(0, request.maximumBody ?? configuration.maximumBody))
      guard multi.start(transfer) else { throw .library(detail: "it does not take the transfer") }
      exchange.transfer = transfer
      exchange.token = token
      transfer.exchange = exchange
    } catch {
      finish(exchange, settled(exchange, error))
      return
    }
    lastSent = exchange
    exchange.attempts += 1
    exchange.sends += 1
    exchange.sentAt = now
    if exchange.firstSentAt == nil { exchange.firstSentAt = now }
    exchange.startedWall = configuration.clock.wall()
    budget.sent(now: now)
    counts.attempts += 1
    counts.bytesSent += request.body?.count ?? 0
  }

  private func readyMulti() throws(HTTPFailure) -> CurlMulti {
    if let multi { return multi }
    var limits = CurlTransfer.Limits()
    limits.headers = max(0, configuration.maximumHeaders)
    let settings = CurlMulti.Settings(
      isSecure: configuration.base.isSecure, caFile: configuration.caFile, limits: limits,
      connections: configuration.maximumInFlight)
    do {
      let made = try CurlMulti(settings: settings)
      multi = made
      return made
    } catch {
      throw .library(detail: error.detail)
    }
  }

  func currentToken(refused: String?) throws(HTTPFailure) -> String {
    let token: String?
    do {
      token = try configuration.token(refused)
    } catch {
      throw .refused(.noToken(redactor.redact("\(error)")))
    }
    guard let token, !token.isEmpty else { throw .refused(.noToken("")) }
    // Looked at before.
    if token == goodToken { return token }
    redactor.add(token)
    guard token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .refused(.malformedToken) }
    goodToken = token
    return token
  }

  private func headerList(for request: HTTPRequest, token: String) throws(HTTPFailure) -> CurlHeaderList {
    let isPlain = request.headers.isEmpty && (request.runMark == nil || !configuration.base.isLoopback)
    guard isPlain else { return CurlHeaderList(try headerLines(for: request, token: token)) }
    let statesLength = request.method == .post || request.method == .put
    return try headerLists.list(kind: request.body != nil ? 1 : statesLength ? 2 : 0, token: token) {
      () throws(HTTPFailure) in CurlHeaderList(try headerLines(for: request, token: token))
    }
  }

  private func headerLines(for request: HTTPRequest, token: String) throws(HTTPFailure) -> [String] {
    var lines = ["Authorization: Bearer " + token]
    // Empty: libcurl would announce large bodies and wait for leave.
    lines.append("Expect:")
    for (name, value) in plainHeaders(for: request) {
      guard Self.isName(name), Self.isValue(value) else { throw .refused(.malformedHeader(name: name)) }
      // libcurl drops a header without a value unless it ends in a semicolon.
      lines.append(value.isEmpty ? name + ";" : name + ": " + value)
    }
    return lines
  }

  /// The headers of a request without those that carry the token.
  func plainHeaders(for request: HTTPRequest) -> [(name: String, value: String)] {
    var headers: [(name: String, value: String)] = [
      ("Accept", "application/json"), ("Intercom-Version", configuration.version),
      ("User-Agent", configuration.userAgent),
    ]
    if request.body != nil {
      headers.append(("Content-Type", "application/json"))
    } else if request.method == .post || request.method == .put {
      headers.append(("Content-Length", "0"))
    }
    if configuration.base.isLoopback, let mark = request.runMark {
      headers.append((configuration.runHeaderName, mark))
    }
    for (name, value) in request.headers {
      let lowered = name.lowercased()
      // These are the client's own: the token, the framing and where the request goes.
      if ["authorization", "host", "content-length", "transfer-encoding", "expect"].contains(lowered) {
        continue
      }
      headers.removeAll { $0.name.lowercased() == lowered }
      headers.append((name, value))
    }
    return headers
  }

  private static func isPath(_ target: String) -> Bool {
    var target = target
    // libcurl would cut at a #, and a backslash or a space reads differently on the other side.
    return target.withUTF8 { bytes in
      bytes.first == 0x2F && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x23 && $0 != 0x5C }
    }
  }

  private static func isName(_ name: String) -> Bool {
    !name.isEmpty
      && name.utf8.allSatisfy { byte in
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
        default: false
        }
      }
  }

  private static func isValue(_ value: String) -> Bool {
    value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
  }
}
