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
      let reset = headers["X-RateLimit-Reset"].flatMap({ Double($0) }), reset.isFinite, reset > 0, reset < 1e12
    else { return nil }
    self.init(limit: limit, remaining: min(max(remaining, 0), limit), reset: reset)
  }
}

/// Dates as HTTP writes them.
enum HTTPDate {
  private static let months = [
    "Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6, "Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10,
    "Nov": 11, "Dec": 12,
  ]

  /// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`; nil for any other form.
  static func parse(_ text: String) -> Double? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, let day = Int(parts[1]), (1...31).contains(day), let month = months[String(parts[2])],
      let year = Int(parts[3]), (1970...9999).contains(year)
    else { return nil }
    let clock = parts[4].split(separator: ":").map { Int($0) ?? -1 }
    guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2])
    else { return nil }
    // Days from the civil calendar, counted in years that begin in March.
    let shifted = month > 2 ? year : year - 1
    let era = shifted / 400
    let yearOfEra = shifted - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    let days = era * 146_097 + dayOfEra - 719_468
    return Double(days * 86_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2])
  }
}
