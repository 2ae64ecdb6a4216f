/// One attempt, as a trace or a recording shows it. Secrets are taken out, personal data is not: only
/// `line` is for eyes that may not see bodies.
public struct TraceEvent: Sendable {
  public var request: HTTPRequest
  public var url: String
  public var attempt: Int
  /// Seconds since 1970.
  public var startedAt: Double
  /// Seconds.
  public var duration: Double
  public var connecting: Double
  public var firstByte: Double
  public var status: Int?
  /// HTTP/1.1, HTTP/2 or empty.
  public var protocolVersion: String
  public var responseHeaders: [(name: String, value: String)]
  public var responseBody: [UInt8]
  public var failure: String?
  public var isReusedConnection: Bool
  public var limit: Int?
  public var remaining: Int?
  public var requestID: String?

  /// `contacts.get GET /contacts/1 200 143 ms 2310 B budget 1540/1666`: no query, no body, no personal data
  /// but the identifiers in the path.
  public var line: String {
    var parts: [String] = request.operation.isEmpty ? [] : [request.operation]
    parts += [request.method.rawValue, request.pathAlone]
    parts.append(status.map(String.init) ?? "-")
    parts.append("\(Int(min(duration * 1_000, 1e12).rounded())) ms")
    parts.append("\(responseBody.count) B")
    if let limit, let remaining { parts.append("budget \(remaining)/\(limit)") }
    if attempt > 1 { parts.append("attempt \(attempt)") }
    if let failure { parts.append("(\(failure))") }
    return parts.joined(separator: " ")
  }
}
