/// What the server's clock shows, learnt from `Date` headers.
///
/// A header is right to the second and was made somewhere between send and receipt, so each one bounds the
/// offset between the server's clock and ours from both sides; many of them together bound it closely.
/// Our own wall clock is used only where no `Date` came, so that it may be wrong.
struct ServerClock {
  /// Server time minus monotonic time, in seconds.
  private(set) var lower: Double?
  private(set) var upper: Double?
  private var widenedAt = 0.0

  /// Two sound clocks drift apart by less than this, in seconds a second.
  private static let drift = 1e-4

  mutating func observe(date: Double, sent: Double, received: Double) {
    let low = date - received
    let high = date + 1 - sent
    guard let oldLow = lower, let oldHigh = upper else {
      (lower, upper, widenedAt) = (low, high, received)
      return
    }
    let slack = max(0, received - widenedAt) * Self.drift
    widenedAt = received
    let newLow = max(oldLow - slack, low)
    let newHigh = min(oldHigh + slack, high)
    // Bounds that exclude each other: a clock was set. The new header is the better witness.
    (lower, upper) = newLow <= newHigh ? (newLow, newHigh) : (low, high)
  }

  /// For answers without `Date`: trusts the wall clock until a header comes.
  mutating func assume(offset: Double) {
    guard lower == nil else { return }
    (lower, upper) = (offset, offset)
  }

  /// When the server's clock may reach `time` at the earliest, and has reached it for certain.
  func local(_ time: Double) -> (earliest: Double, latest: Double)? {
    guard let lower, let upper else { return nil }
    return (time - upper, time - lower)
  }
}
