/// Reads a 429.
enum RateLimit {
  /// A 429 stands for several things; only the window's end cures the first.
  static func kind(headers: HTTPHeaders, body: [UInt8]) -> RetryPolicy.RateLimitKind {
    let error = APIError(status: 429, headers: headers, body: body)
    let message = (error.message ?? "").lowercased()
    // A second export at once, whatever its code says.
    if message.contains("pending"), message.contains("job") { return .other }
    if error.code == "rate_limit_exceeded" || message.contains("rate limit") { return .window }
    if headers["X-RateLimit-Remaining"].flatMap({ Int($0) }) == 0 { return .window }
    if error.code == "too_many_requests" || error.code == "retry_after" { return .resource }
    guard error.code != nil else { return .window }
    return headers["Retry-After"] == nil ? .other : .resource
  }

  /// Seconds to wait; both forms of the header.
  static func retryAfter(_ headers: HTTPHeaders, wall: Double) -> Double? {
    guard let text = headers["Retry-After"] else { return nil }
    if let seconds = Double(text), seconds.isFinite, seconds >= 0 { return seconds }
    guard let date = HTTPDate.parse(text) else { return nil }
    // Against the server's own clock where it tells: ours may be wrong.
    return max(0, date - (headers["Date"].flatMap(HTTPDate.parse) ?? wall))
  }
}
