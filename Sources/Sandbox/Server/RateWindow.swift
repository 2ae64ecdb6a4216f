import Glibc

/// Counts requests in windows of the machine's time, whatever the workspace's clock says: clients wait in
/// real seconds. What they are told of it is by the workspace's clock, like `Date`.
struct RateWindow {
  let limit: SandboxConfiguration.RateLimit
  private var window: Int64 = 0
  private var used = 0

  init(_ limit: SandboxConfiguration.RateLimit) { self.limit = limit }

  /// Takes one request off; false if there is none left.
  mutating func take() -> Bool {
    let current = Int64(time(nil)) / Int64(max(1, limit.seconds))
    if current != window {
      window = current
      used = 0
    }
    guard used < limit.requests else { return false }
    used += 1
    return true
  }

  var remaining: Int { max(0, limit.requests - used) }
  /// Unix seconds at which the next window begins.
  var reset: Int64 { (window + 1) * Int64(max(1, limit.seconds)) }
}
