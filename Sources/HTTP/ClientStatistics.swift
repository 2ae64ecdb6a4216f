/// What a client has done since it was made.
public struct ClientStatistics: Sendable, Equatable {
  /// Results handed out.
  public var requests = 0
  /// Sends, repeats included.
  public var attempts = 0
  public var retries = 0
  /// 429s of any kind.
  public var rateLimited = 0
  public var unknownOutcomes = 0
  public var failures = 0
  public var bytesSent = 0
  public var bytesReceived = 0
  public var connectionsOpened = 0
  public var connectionsReused = 0
  /// Failed attempts to connect since the last that worked.
  public var connectFailuresInARow = 0
  /// Seconds that requests stood in the queue, added up.
  public var queuedSeconds = 0.0
  public var queued = 0
  public var inFlight = 0
  /// Requests that may be in flight at present.
  public var allowedInFlight = 0
  /// The part of the rate limit that is ours.
  public var share = 1.0
  /// The server's window as last heard.
  public var limit: Int?
  public var remaining: Int?

  public init() {}
}
