/// What an answer says about the budget.
public struct RateHeaders: Equatable, Sendable {
  /// Requests a window.
  public var limit: Int
  public var remaining: Int
  /// End of the window in seconds since 1970, by the server's clock.
  public var reset: Double

  public init(limit: Int, remaining: Int, reset: Double) {
    self.limit = limit
    self.remaining = remaining
    self.reset = reset
  }

  /// Nil unless all three are there and make sense.
  init?(_ headers: HTTPHeaders) {
    guard let limit = headers["X-RateLimit-Limit"].flatMap({ Int($0) }), (1...1_000_000_000).contains(limit),
      let remaining = headers["X-RateLimit-Remaining"].flatMap({ Int($0) }),
      let reset = headers["X-RateLimit-Reset"].flatMap({ Double($0) }), reset.isFinite, reset > 0,
      reset < 1e12
    else { return nil }
    self.init(limit: limit, remaining: min(max(remaining, 0), limit), reset: reset)
  }
}
