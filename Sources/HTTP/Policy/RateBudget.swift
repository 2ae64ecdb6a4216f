/// Decides when the next request may be sent so that the server never has to refuse one.
///
/// The server counts requests in windows and says on each answer how many are left. In each window there are
/// `min(share × limit − ours, remaining − in flight)` slots, spread over the time to its end. A part of the
/// limit is left to the workspace's other apps. Pure: time is passed in, in seconds of a monotonic clock.
public struct RateBudget {
  /// The part of the limit that is ours, above 0 and at most 1.
  public var share: Double
  /// Requests a second while the server says nothing.
  public var assumedRate: Double

  public private(set) var limit: Int?
  /// As the server last said for the current window, the lowest where answers overtook each other.
  public private(set) var remaining: Int?
  /// Requests of ours that the current window counts, or may count while their answer is out.
  public private(set) var ours = 0
  public private(set) var inFlight = 0
  /// Nobody sends before this time: a 429 said so.
  public private(set) var blockedUntil = -Double.infinity

  private var clock = ServerClock()
  /// The current window's end in server time; an estimate until an answer names it.
  private var reset: Double?
  private var confirmedReset: Double?
  private var windowLength: Double?
  private var lastSlot = -Double.infinity
  private var openedAt = 0.0
  /// The server was seen to keep windows open for so long after their stated end.
  private var lag = 0.0
  /// How long such a window is given before it is tried again.
  private var patience = 1.0

  /// Lost time up to this much is made up for by sending closer together.
  private static let catchUp = 0.02
  /// A window lasts 10 s: no wait for its end is longer, whatever the clocks say.
  private static let longestWait = 11.0
  private static let assumedWindow = 10.0

  public init(share: Double = 0.8, assumedRate: Double = 16) {
    self.share = share > 0 && share <= 1 ? share : 1
    self.assumedRate = assumedRate > 0 ? assumedRate : 16
  }

  // MARK: - Asking

  /// When a request may be sent: `now` or earlier means at once. Ask again after each answer.
  public mutating func nextSlot(now: Double) -> Double {
    roll(now: now)
    if now < blockedUntil { return blockedUntil }
    guard let limit, let end = windowEnd() else { return lastSlot + 1 / assumedRate }
    let slots = slotsLeft(limit: limit)
    guard slots > 0 else { return end.latest }
    return lastSlot + spacing(slots: slots, end: end.earliest, now: now)
  }

  /// Slots that are left in the current window.
  public var slots: Int? { limit.map { max(0, slotsLeft(limit: $0)) } }

  private func slotsLeft(limit: Int) -> Int {
    // A share of a small limit is still at least one request.
    let share = max(1, Int((share * Double(limit)).rounded(.down)))
    return min(share - ours, (remaining ?? limit) - inFlight)
  }

  private func spacing(slots: Int, end: Double, now: Double) -> Double {
    // Done a little before the end: a slot that is late by a moment would be lost with its window.
    let margin = 0.01 * (windowLength ?? Self.assumedWindow)
    return max(0, end - margin - now) / Double(slots)
  }

  /// When the window may end at the earliest, and has ended for certain.
  private func windowEnd() -> (earliest: Double, latest: Double)? {
    guard let reset, let end = clock.local(reset) else { return nil }
    let clamp = openedAt + Self.longestWait
    return (min(end.earliest, clamp), min(end.latest + lag, clamp))
  }

  /// The server's clock, in seconds since 1970, as early as it can be; nil before the first answer.
  public func serverTime(now: Double) -> Double? { clock.lower.map { now + $0 } }

  /// The machine has slept: what is known of windows and of the server's clock is as at the start.
  public mutating func forget() {
    (limit, remaining, reset, confirmedReset, windowLength) = (nil, nil, nil, nil, nil)
    clock = ServerClock()
    (lag, patience) = (0, 1)
    ours = inFlight
  }

  // MARK: - Telling

  public mutating func sent(now: Double) {
    roll(now: now)
    let isFirst = lastSlot == -.infinity
    lastSlot = isFirst ? now : min(now, max(nextSlot(now: now), now - Self.catchUp))
    inFlight += 1
    ours += 1
  }

  /// An answer came. `date` is its `Date` header in seconds since 1970, `wall` our own clock.
  public mutating func answered(
    _ headers: RateHeaders?, date: Double?, sent: Double, now: Double, wall: Double
  ) {
    if let date { clock.observe(date: date, sent: sent, received: now) }
    if let headers {
      clock.assume(offset: wall - now)
      roll(now: now)
      take(headers, sent: sent, now: now)
    }
    inFlight = max(0, inFlight - 1)
  }

  /// The request ended without an answer: it may have been counted.
  public mutating func lost() { inFlight = max(0, inFlight - 1) }

  /// The request never reached the server.
  public mutating func neverSent() {
    inFlight = max(0, inFlight - 1)
    ours = max(0, ours - 1)
  }

  /// A 429 of the window: nobody sends before the window ends, or for `retryAfter` seconds where the server
  /// says so. `jitter` is in 0..<1.
  public mutating func limited(retryAfter: Double?, now: Double, jitter: Double) {
    let end: Double
    if let retryAfter {
      end = now + max(0, retryAfter)
    } else {
      end = windowEnd()?.latest ?? now + Self.assumedWindow
    }
    remaining = 0
    blockedUntil = max(blockedUntil, end + 0.05 + 0.2 * jitter)
  }

  // MARK: - Windows

  private mutating func take(_ headers: RateHeaders, sent: Double, now: Double) {
    guard let current = reset, let confirmed = confirmedReset else { return adopt(headers, now: now) }
    let isEstimate = current != confirmed
    if headers.reset > current || (isEstimate && headers.reset > confirmed && headers.reset < current) {
      adopt(headers, now: now)
    } else if headers.reset == current {
      limit = headers.limit
      remaining = min(remaining ?? headers.limit, headers.remaining)
      confirmedReset = current
    } else if isEstimate, headers.reset == confirmed, sent >= openedAt {
      // Sent after the window should have ended and still counted in it: the server knows better.
      if let end = clock.local(confirmed), sent > end.latest {
        lag = max(lag, now - end.latest + patience)
        patience = min(Self.longestWait, patience * 2)
      }
      reset = confirmed
      openedAt = now
      limit = headers.limit
      remaining = headers.remaining
    } else {
      // Counted in a window that is over.
      ours = max(0, ours - 1)
    }
  }

  /// An answer names a window that was not known yet.
  private mutating func adopt(_ headers: RateHeaders, now: Double) {
    if let confirmedReset, headers.reset > confirmedReset {
      windowLength = max(0.05, min(windowLength ?? .infinity, headers.reset - confirmedReset))
    }
    // All that is in flight may count in it. Where it was rightly guessed to have begun, this is counted.
    if reset == nil || reset == confirmedReset { ours = inFlight }
    openedAt = now
    (lag, patience) = (0, 1)
    reset = headers.reset
    confirmedReset = headers.reset
    limit = headers.limit
    remaining = headers.remaining
  }

  /// Opens the next window once the server's clock has passed the end of this one for certain.
  private mutating func roll(now: Double) {
    guard let reset, let end = windowEnd(), now >= end.latest else { return }
    let length = windowLength ?? Self.assumedWindow
    let passed = ((now - end.latest) / length).rounded(.down) + 1
    self.reset = reset + passed * length
    openedAt = now
    remaining = nil
    ours = inFlight
  }
}
