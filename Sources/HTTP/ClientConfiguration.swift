/// What a client needs to know, with everything that it would otherwise read from its surroundings.
public struct ClientConfiguration {
  public var base: BaseURL
  /// Gives the access token at each send. `refused` is a token that the server has just answered with 401:
  /// a source that can be read again gives a newer one, any other the same.
  public var token: (_ refused: String?) throws -> String?
  /// Sent as `Intercom-Version`.
  public var version = "2.12"
  public var userAgent = "parlance"
  /// The part of the rate limit that is ours, above 0 and at most 1.
  public var share = 0.8
  /// Requests a second while the server says nothing about its limit.
  public var assumedRate = 16.0
  /// Most requests in flight, whatever the budget allows.
  public var maximumInFlight = 128
  public var startInFlight = 4
  public var retry = RetryPolicy()
  /// Certificates to trust instead of the system's, for a private proxy.
  public var caFile: String?
  /// Of requests that bring none of their own.
  public var deadlines = Deadlines()
  /// Bytes after unpacking, of requests that bring no limit of their own.
  public var maximumBody = 64 << 20
  public var maximumHeaders = 256 << 10
  /// The header that names run, item and sequence to a loopback server.
  public var runHeaderName = "X-Parlance-Write"
  /// Whether writes may leave the process at all. The last gate: whatever got a write so far, it ends here.
  public var protection = Protection.open
  public var clock = HTTPClock.system
  /// 0..<1, for spreading retries.
  public var random: () -> Double = { Double.random(in: 0..<1) }
  /// Told of every attempt; nothing is gathered for it while it is nil.
  public var trace: ((TraceEvent) -> Void)?

  public init(base: BaseURL, token: @escaping (_ refused: String?) throws -> String?) {
    self.base = base
    self.token = token
  }
}
