/// How fast items end, for the line on the terminal and the time that is left. Items of the last minute,
/// by the second; constant memory.
public struct Progress: Sendable, Equatable {
  static let window = 60
  /// A range is shown only after so many items.
  static let enough = 20

  private var buckets = Array(repeating: 0, count: Progress.window)
  private var newest: Int64 = 0
  private var startedAt: Int64
  private var endedBefore: Int
  public private(set) var ended = 0

  init(startedAt: Int64 = 0, endedBefore: Int = 0) {
    self.startedAt = startedAt
    self.endedBefore = endedBefore
    newest = startedAt / 1_000
  }

  mutating func ended(at steady: Int64) {
    roll(to: steady)
    ended += 1
    let index = Int(newest % Int64(Self.window))
    if buckets.indices.contains(index) { buckets[index] += 1 }
  }

  private mutating func roll(to steady: Int64) {
    let second = max(newest, steady / 1_000)
    let gap = min(second - newest, Int64(Self.window))
    for ago in 0..<gap {
      let index = Int((second - ago) % Int64(Self.window))
      if buckets.indices.contains(index) { buckets[index] = 0 }
    }
    newest = second
  }

  /// Items a minute over the last minute.
  public func perMinute(at steady: Int64) -> Double {
    var rolled = self
    rolled.roll(to: steady)
    let seconds = min(Int64(Self.window), max(1, (steady - startedAt) / 1_000))
    return Double(rolled.buckets.reduce(0, +)) * 60 / Double(seconds)
  }

  /// Seconds until `open` more items have ended, as a range; nil while it would be a guess.
  public func remaining(open: Int, at steady: Int64) -> ClosedRange<Int>? {
    guard ended >= Self.enough, open > 0 else { return nil }
    let recent = perMinute(at: steady)
    let elapsed = Double(max(1_000, steady - startedAt)) / 60_000
    let whole = Double(ended) / elapsed
    guard recent > 0, whole > 0 else { return nil }
    let a = Double(open) / recent * 60
    let b = Double(open) / whole * 60
    let limit = 1e9
    return Int(min(a, b, limit))...Int(min(max(a, b) * 1.1 + 1, limit))
  }
}
