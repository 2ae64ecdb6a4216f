/// Why there is no answer. The facts only; `message(for:)` makes the text.
public enum HTTPFailure: Error, Equatable, Sendable {
  /// No connection came about.
  case unreachable(Unreachable, host: String, detail: String)
  /// A read, or a connection, took longer than its deadline.
  case timedOut(TimedOut, seconds: Double)
  /// The server's identity could not be verified, or the two sides agree on no encryption.
  case tls(host: String, detail: String)
  /// The answer ended before its announced end.
  case cutOff(received: Int)
  /// The connection broke before the answer began.
  case connectionLost(detail: String)
  /// A read was answered with success and no body.
  case emptyAnswer(status: Int)
  /// What came is no HTTP, or does not unpack.
  case garbled(detail: String)
  case tooLarge(limit: Int)
  case headerFlood(limit: Int)
  /// A redirect that is not followed: to another host, or of a write.
  case redirectRefused(status: Int, location: String)
  case tooManyRedirects(Int)
  /// The server asks to wait longer than the client waits by itself.
  case rateLimited(retryAfter: Double)
  /// Taken back before it was sent, or a read.
  case cancelled
  /// A write that may or may not have happened.
  case unknownOutcome(UnknownOutcome)
  /// Not sent, by the client's own rules.
  case refused(Refusal)
  /// The system's libcurl is missing or cannot be used.
  case library(detail: String)

  public enum Unreachable: Sendable { case nameNotFound, connectFailed, proxy }
  public enum TimedOut: Sendable { case connecting, answer }

  public enum Refusal: Equatable, Sendable {
    case noToken(String)
    case malformedToken
    case malformedPath(String)
    case malformedHeader(name: String)
    /// A write to a workspace that is read-only (`Protection.readOnly`).
    case readOnly
  }

  /// True when it is certain that the request changed nothing.
  public var isDefinite: Bool {
    if case .unknownOutcome = self { return false }
    return true
  }

  /// True when no connection could be made: several in a row mean that going on is useless.
  public var isConnectFailure: Bool {
    switch self {
    case .unreachable, .tls, .timedOut(.connecting, _), .library: true
    default: false
    }
  }
}

/// What is known of a write whose result is not.
public struct UnknownOutcome: Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    case timedOut(seconds: Double)
    case connectionLost(detail: String)
    case cutOff(received: Int)
    case garbled(detail: String)
    case tooLarge(limit: Int)
    case headerFlood(limit: Int)
    /// The server failed while it may have been acting (408 and 5xx).
    case status(Int)
    case cancelled
  }

  public var reason: Reason
  /// The status line, where one came before the fault: 2xx means that the server took the write.
  public var status: Int?
  public var requestID: String?
  /// The body of a 408 or 5xx; empty otherwise.
  public var body: [UInt8] = []

  public init(reason: Reason, status: Int? = nil, requestID: String? = nil, body: [UInt8] = []) {
    self.reason = reason
    self.status = status
    self.requestID = requestID
    self.body = body
  }
}
