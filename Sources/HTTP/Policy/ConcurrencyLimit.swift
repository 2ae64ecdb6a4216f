/// How many requests are in flight at once, found out instead of asked for.
///
/// Starts at 4. Each second it grows while slots of the budget lie idle and the answers do not get slower, and
/// halves when more than 5 % of them fail. Before the first sign of strain it doubles, so that a long round
/// trip does not waste the first window; after that it grows by a quarter. Pure: seconds are passed in.
public struct ConcurrencyLimit {
  public private(set) var current: Double
  public var maximum: Int

  private var isProbing = true
  private var wasBlocked = false
  private var answers = 0
  private var failures = 0
  /// Latency of each answer of this second relative to the best of its operation.
  private var slowness: [Double] = []
  private var best: [String: Double] = [:]
  private var periodStart: Double?

  private static let period = 1.0
  /// Differences below this, in seconds, are noise.
  private static let latencyFloor = 0.02
  private static let mostOperations = 1_000

  public init(start: Int = 4, maximum: Int = 128) {
    self.maximum = max(1, maximum)
    current = Double(min(max(1, start), self.maximum))
  }

  /// Requests that may be in flight now.
  public var allowed: Int { max(1, Int(current)) }

  /// The budget had a slot, and this limit kept it from being used.
  public mutating func wasReached() { wasBlocked = true }

  /// - Parameter strained: 5xx, a timeout or a lost connection.
  public mutating func answered(operation: String, latency: Double, strained: Bool, now: Double) {
    answers += 1
    if strained {
      failures += 1
    } else {
      let latency = max(latency, Self.latencyFloor)
      if best.count >= Self.mostOperations { best.removeAll(keepingCapacity: true) }
      let lowest = min(best[operation] ?? latency, latency)
      best[operation] = lowest
      slowness.append(latency / lowest)
    }
    evaluate(now: now)
  }

  private mutating func evaluate(now: Double) {
    guard let start = periodStart else {
      periodStart = now
      return
    }
    guard now - start >= Self.period else { return }
    if failures >= 2, Double(failures) > 0.05 * Double(answers) {
      current = max(1, (current / 2).rounded(.down))
      isProbing = false
    } else if wasBlocked {
      slowness.sort()
      let isSlow = !slowness.isEmpty && slowness[min(slowness.count - 1, slowness.count * 95 / 100)] >= 2
      if isSlow { isProbing = false } else { current = min(Double(maximum), current * (isProbing ? 2 : 1.25)) }
    }
    periodStart = now
    (answers, failures, wasBlocked) = (0, 0, false)
    slowness.removeAll(keepingCapacity: true)
  }
}
