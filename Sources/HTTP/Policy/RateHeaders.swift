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
    guard let limit = Self.number("X-RateLimit-Limit", headers), (1...1_000_000_000).contains(limit),
      let remaining = Self.number("X-RateLimit-Remaining", headers),
      let reset = Self.number("X-RateLimit-Reset", headers), reset > 0, reset < 1e12
    else { return nil }
    self.init(limit: Int(limit), remaining: Int(min(max(remaining, 0), limit)), reset: reset)
  }

  /// A decimal number, exactly; nil for what has another form. Read on every answer.
  private static func number(_ name: String, _ headers: HTTPHeaders) -> Double? {
    headers.withValue(of: name) { text in
      var digits = 0
      var value = 0
      var scale = 1.0
      var hasPoint = false
      let isNegative = text.first == 0x2D
      for byte in text.dropFirst(isNegative ? 1 : 0) {
        if byte == 0x2E, !hasPoint, digits > 0 {
          hasPoint = true
        } else if byte >= 0x30, byte <= 0x39, digits < 15 {
          value = value * 10 + Int(byte - 0x30)
          digits += 1
          if hasPoint { scale *= 10 }
        } else {
          return nil
        }
      }
      guard digits > 0 else { return nil }
      // Both are whole and below 2⁵³, so the quotient is the nearest there is.
      return (isNegative ? -1 : 1) * Double(value) / scale
    } ?? nil
  }
}
