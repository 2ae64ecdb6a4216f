import CCurl

/// From what libcurl reports to a result, or to another attempt.
extension Client {
  /// Reads what ended: a result, or another attempt. Returns how many did.
  func settleDone() -> Int {
    var count = 0
    while let (transfer, code) = multi?.nextDone() {
      count += 1
      if let exchange = transfer.exchange {
        exchange.transfer = nil
        settle(exchange, Received(transfer, code: code, redactor: redactor))
      }
      multi?.keep(transfer)
    }
    return count
  }

  private func settle(_ exchange: Exchange, _ received: Received) {
    let now = configuration.clock.monotonic()
    count(received)
    let (attempt, failure) = judge(received, exchange: exchange)
    tellBudget(received, exchange: exchange, now: now)
    concurrency.answered(
      operation: exchange.request.operation, latency: now - exchange.sentAt,
      strained: attempt.isStrain, now: now)
    trace(exchange, received, failure: failure, now: now)

    if failure == nil, follow(exchange, received) || renewToken(exchange, received) { return }
    let decision = configuration.retry.decide(
      attempt, of: exchange.request.requestClass, attempts: exchange.attempts, rateWaits: exchange.rateWaits,
      random: configuration.random())
    act(on: decision, exchange, received, attempt: attempt, failure: failure, now: now)
  }

  private func act(
    on decision: RetryPolicy.Decision, _ exchange: Exchange, _ received: Received,
    attempt: RetryPolicy.Attempt, failure: HTTPFailure?, now: Double
  ) {
    let isWrite = exchange.request.requestClass != .read
    switch decision {
    case .again(let wait):
      if isWrite, attempt.mayHaveTakenEffect { exchange.mayHaveTakenEffect = true }
      counts.retries += 1
      schedule(exchange, at: now + wait)
    case .afterWindow(let retryAfter):
      exchange.attempts -= 1
      exchange.rateWaits += 1
      counts.retries += 1
      budget.limited(retryAfter: retryAfter, now: now, jitter: configuration.random())
      repeats.append(exchange)
    case .tooLongToWait(let wait):
      finish(exchange, settled(exchange, .rateLimited(retryAfter: wait)))
    case .unknown:
      finish(exchange, unknown(exchange, received.reason(failure, request: exchange.request), received))
    case .fail:
      finish(exchange, settled(exchange, failure ?? .emptyAnswer(status: received.status)))
    case .deliver:
      finish(
        exchange, failure.map { settled(exchange, $0) } ?? .success(response(exchange, received, now: now)))
    }
  }

  /// A definite failure of this attempt says nothing about the one before.
  func settled(_ exchange: Exchange, _ failure: HTTPFailure) -> Outcome {
    guard exchange.mayHaveTakenEffect else { return .failure(failure) }
    return unknown(exchange, .connectionLost(detail: failure.what))
  }

  func unknown(_ exchange: Exchange, _ reason: UnknownOutcome.Reason, _ received: Received? = nil) -> Outcome
  {
    var outcome = UnknownOutcome(reason: reason)
    if let received, received.status > 0 {
      outcome.status = received.status
      outcome.requestID = received.headers["X-Request-Id"]
      if case .status = reason { outcome.body = received.body }
    }
    return .failure(.unknownOutcome(outcome))
  }

  private func response(_ exchange: Exchange, _ received: Received, now: Double) -> HTTPResponse {
    var timing = HTTPResponse.Timing()
    timing.queued = max(0, (exchange.firstSentAt ?? now) - exchange.submittedAt)
    timing.connecting = received.connecting
    timing.firstByte = received.firstByte
    timing.total = received.total
    counts.queuedSeconds += timing.queued
    return HTTPResponse(
      status: received.status, headers: received.headers, body: received.body,
      requestID: received.headers["X-Request-Id"], timing: timing, attempts: exchange.sends,
      mayRepeatEarlierAttempt: exchange.mayHaveTakenEffect)
  }

  // MARK: - Judging

  private func judge(
    _ received: Received, exchange: Exchange
  ) -> (RetryPolicy.Attempt, HTTPFailure?) {
    if let (attempt, failure) = received.fault(
      deadlines: exchange.request.deadlines ?? configuration.deadlines,
      maximumBody: exchange.request.maximumBody ?? configuration.maximumBody,
      maximumHeaders: configuration.maximumHeaders, host: configuration.base.host, redactor: redactor)
    {
      return (attempt, failure)
    }
    let status = received.status
    if (300...399).contains(status), status != 304 {
      guard exchange.request.requestClass == .read, redirectTarget(exchange, received) != nil else {
        let location = redactor.redact(received.headers["Location"] ?? "nowhere")
        return (.hopeless(sent: false), .redirectRefused(status: status, location: location))
      }
      if exchange.redirects >= Self.mostRedirects {
        return (.hopeless(sent: false), .tooManyRedirects(exchange.redirects))
      }
    }
    if received.body.isEmpty, (200...299).contains(status), status != 204, status != 202,
      exchange.request.requestClass == .read, !exchange.request.allowsEmptyAnswer
    {
      return (.emptyAnswer, .emptyAnswer(status: status))
    }
    let kind = status == 429 ? RateLimit.kind(headers: received.headers, body: received.body) : nil
    let retryAfter =
      (200...299).contains(status)
      ? nil : RateLimit.retryAfter(received.headers, wall: configuration.clock.wall())
    return (.answer(status: status, limit: kind, retryAfter: retryAfter), nil)
  }

  private func tellBudget(_ received: Received, exchange: Exchange, now: Double) {
    if received.sends == 0 {
      budget.neverSent()
    } else if received.code == CURLE_OK {
      budget.answered(
        RateHeaders(received.headers), date: date(of: received),
        sent: exchange.sentAt, now: now, wall: configuration.clock.wall())
    } else {
      budget.lost()
    }
  }

  private func date(of received: Received) -> Double? {
    received.headers.withValue(of: "Date") { text in
      if !lastDate.text.elementsEqual(text) {
        lastDate = (Array(text), HTTPDate.parse(String(decoding: text, as: UTF8.self)))
      }
      return lastDate.seconds
    } ?? nil
  }

  private func count(_ received: Received) {
    counts.bytesReceived += received.body.count
    counts.connectionsOpened += received.connections
    if received.code == CURLE_OK, received.connections == 0 { counts.connectionsReused += 1 }
    if received.sends > 0 { counts.connectFailuresInARow = 0 } else { counts.connectFailuresInARow += 1 }
    if received.code == CURLE_OK, received.status == 429 { counts.rateLimited += 1 }
  }

  // MARK: - Redirects and tokens

  private static var mostRedirects: Int { 5 }

  /// Where a read may be redirected to: the same host, port and scheme, with the same method.
  private func redirectTarget(_ exchange: Exchange, _ received: Received) -> String? {
    guard let location = received.headers["Location"] else { return nil }
    let keepsMethod = exchange.request.method == .get || received.status == 307 || received.status == 308
    guard keepsMethod else { return nil }
    let origin = configuration.base.origin
    if location.hasPrefix("/"), !location.hasPrefix("//") { return location }
    if location.lowercased().hasPrefix(origin + "/") { return String(location.dropFirst(origin.count)) }
    return nil
  }

  private func follow(_ exchange: Exchange, _ received: Received) -> Bool {
    guard (300...399).contains(received.status), received.status != 304,
      let target = redirectTarget(exchange, received)
    else { return false }
    exchange.redirects += 1
    exchange.attempts -= 1
    exchange.target = target
    repeats.append(exchange)
    return true
  }

  /// A 401 is definite: once, the source of the token is asked whether it has a newer one.
  private func renewToken(_ exchange: Exchange, _ received: Received) -> Bool {
    guard received.status == 401, !exchange.hasRenewedToken,
      let token = try? currentToken(refused: exchange.token), token != exchange.token
    else { return false }
    exchange.hasRenewedToken = true
    exchange.attempts -= 1
    repeats.append(exchange)
    return true
  }

  // MARK: - Trace

  private func trace(_ exchange: Exchange, _ received: Received, failure: HTTPFailure?, now: Double) {
    guard let sink = configuration.trace else { return }
    let headers = received.headers
    sink(
      TraceEvent(
        request: redacted(exchange.request),
        url: redactor.redact(configuration.base.origin + exchange.target),
        attempt: exchange.sends, startedAt: exchange.startedWall, duration: now - exchange.sentAt,
        connecting: received.connecting, firstByte: received.firstByte,
        status: received.status > 0 ? received.status : nil, protocolVersion: received.protocolVersion,
        responseHeaders: headers.all, responseBody: received.body,
        failure: failure.map { redactor.redact($0.what) },
        isReusedConnection: received.connections == 0 && received.sends > 0, limit: budget.limit,
        remaining: budget.remaining, requestID: headers["X-Request-Id"]))
  }
}

extension Client {
  /// Takes every token that this client has used out of a text.
  public func redact(_ text: String) -> String { redactor.redact(text) }

  private func redacted(_ request: HTTPRequest) -> HTTPRequest {
    var request = request
    request.path = redactor.redact(request.path)
    request.query = request.query.map { (redactor.redact($0.name), redactor.redact($0.value)) }
    request.headers = request.headers.filter { $0.name.lowercased() != "authorization" }
      .map { ($0.name, redactor.redact($0.value)) }
    request.body = request.body.map { redactor.redact($0) }
    return request
  }
}

extension RetryPolicy.Attempt {
  /// The server, or the way to it, is under strain.
  var isStrain: Bool {
    switch self {
    case .lost: true
    case .answer(let status, _, _): status >= 500 || status == 408
    default: false
    }
  }

  /// For a write: whether the server may have acted on it.
  var mayHaveTakenEffect: Bool {
    switch self {
    case .lost, .hopeless(sent: true): true
    case .answer(let status, _, _): status >= 500 || status == 408
    default: false
    }
  }
}
