/// An answer received in full.
public struct HTTPResponse: Sendable {
  public var status: Int
  public var headers: HTTPHeaders
  public var body: [UInt8]
  /// The server's name for the exchange (`X-Request-Id`), for support requests.
  public var requestID: String?
  public var timing: Timing
  /// 1 for a request that was sent once.
  public var attempts: Int
  /// An earlier attempt of this write may have taken effect: a 404 or 409 may be our own doing.
  public var mayRepeatEarlierAttempt: Bool

  /// Seconds.
  public struct Timing: Sendable, Equatable {
    /// From `submit` to the first send: the time that the budget and the queue took.
    public var queued = 0.0
    /// Name look-up, connection and TLS of the last attempt; 0 on a reused connection.
    public var connecting = 0.0
    /// From the last attempt's start to its first byte.
    public var firstByte = 0.0
    /// The last attempt as a whole.
    public var total = 0.0
    public init() {}
  }

  init(
    status: Int, headers: HTTPHeaders, body: [UInt8], requestID: String?, timing: Timing, attempts: Int,
    mayRepeatEarlierAttempt: Bool
  ) {
    self.status = status
    self.headers = headers
    self.body = body
    self.requestID = requestID
    self.timing = timing
    self.attempts = attempts
    self.mayRepeatEarlierAttempt = mayRepeatEarlierAttempt
  }

  /// A success that came before, and was kept.
  public init(kept body: [UInt8]) {
    self.init(
      status: 200, headers: HTTPHeaders(), body: body, requestID: nil, timing: Timing(), attempts: 1,
      mayRepeatEarlierAttempt: false)
  }

  public var isSuccess: Bool { (200...299).contains(status) }
}

/// Names a submitted request until its result was handed out.
public struct Ticket: Hashable, Sendable {
  let number: UInt64
}
