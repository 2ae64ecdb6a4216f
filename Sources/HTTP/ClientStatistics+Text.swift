extension ClientStatistics {
  /// What `:stats` shows, a line each.
  public var lines: [String] {
    guard attempts > 0 else { return ["No request has been sent."] }
    var lines = [
      "\(requests) request\(requests == 1 ? "" : "s"), \(failures) failed, \(unknownOutcomes) of them with an unknown outcome",
      "sent         \(attempts) times, \(retries) of them again; \(rateLimited) answered 429",
    ]
    if let limit, let remaining {
      lines.append("budget       \(remaining) of \(limit) left in this window; \(allowance)")
    } else {
      lines.append("budget       the server says nothing of its limit; \(allowance)")
    }
    let waited = Self.text(tenths: queuedSeconds * 10)
    lines.append("in flight    \(inFlight) of at most \(allowedInFlight) at present, \(queued) waiting")
    lines.append("waited       \(waited) s for the budget, all requests added up")
    let used = connectionsOpened + connectionsReused
    let share = used > 0 ? connectionsReused * 100 / used : 0
    lines.append(
      "connections  \(connectionsOpened) opened; \(share) % of the answers came over one that was open")
    lines.append("traffic      \(Self.size(bytesSent)) of bodies sent, \(Self.size(bytesReceived)) received")
    return lines
  }

  private var allowance: String { "\(Int((share * 100).rounded())) % of it is ours" }

  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\(text(tenths: Double(bytes) / 100)) KB"
    default: "\(text(tenths: Double(bytes) / 100_000)) MB"
    }
  }

  private static func text(tenths: Double) -> String {
    let whole = Int(min(max(0, tenths.rounded()), 1e15))
    return "\(whole / 10).\(whole % 10)"
  }
}
