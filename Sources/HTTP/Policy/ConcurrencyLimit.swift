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
  private var samples: [(operation: String, latency: Double)] = []
  /// The lowest mean latency that an operation had in any period: a search takes longer than a look-up.
  private var bestMean: [String: Double] = [:]
  /// The lowest 95th percentile of any period, of latencies relative to their operation's best mean.
  private var bestSlowness = Double.infinity
  private var periodStart: Double?

  private static let period = 1.0
  /// A period goes on until there are so many answers, or so many seconds have passed.
  private static let fewestAnswers = 10
  private static let longestPeriod = 5.0
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
    if strained { failures += 1 } else { samples.append((operation, max(latency, Self.latencyFloor))) }
    guard let start = periodStart else {
      periodStart = now
      return
    }
    let isOver = now - start >= (answers >= Self.fewestAnswers ? Self.period : Self.longestPeriod)
    if isOver { evaluate(now: now) }
  }

  private mutating func evaluate(now: Double) {
    let isSlow = measureSlowness()
    if failures >= 2, Double(failures) > 0.05 * Double(answers) {
      current = max(1, (current / 2).rounded(.down))
      isProbing = false
    } else if isSlow {
      isProbing = false
    } else if wasBlocked {
      current = min(Double(maximum), current * (isProbing ? 2 : 1.25))
    }
    periodStart = now
    (answers, failures, wasBlocked) = (0, 0, false)
    samples.removeAll(keepingCapacity: true)
  }

  /// True when the 95th percentile is twice what it was at best.
  private mutating func measureSlowness() -> Bool {
    guard !samples.isEmpty else { return false }
    if bestMean.count >= Self.mostOperations { bestMean.removeAll(keepingCapacity: true) }
    var sums: [String: (total: Double, count: Double)] = [:]
    for (operation, latency) in samples {
      let old = sums[operation] ?? (0, 0)
      sums[operation] = (old.total + latency, old.count + 1)
    }
    for (operation, sum) in sums {
      let mean = sum.total / sum.count
      // The mean of very few says little, unless nothing else is known.
      if let best = bestMean[operation] {
        if sum.count >= 5, mean < best { bestMean[operation] = mean }
      } else {
        bestMean[operation] = mean
      }
    }
    let ratios = samples.map { $0.latency / (bestMean[$0.operation] ?? $0.latency) }.sorted()
    let slowness = ratios[min(ratios.count - 1, ratios.count * 95 / 100)]
    if samples.count >= Self.fewestAnswers { bestSlowness = min(bestSlowness, slowness) }
    return slowness >= 2 * max(1, bestSlowness)
  }
}
