/// Instants counted in steps of one length, none left out between the first and the last.
public struct TimeBins: Equatable, Sendable {
  public struct Bin: Equatable, Sendable {
    /// Milliseconds since 1970, moved to the zone: its clocks read as if they were UTC.
    public var start: Int64
    public var count: Int
  }

  public let bins: [Bin]
  /// The length of a step, in milliseconds.
  public let step: Int64

  private static let minute: Int64 = 60_000
  /// From a minute to a year of 365 days; a step of days and more begins at midnight.
  private static let steps: [Int64] = [1, 5, 15, 60, 360, 1440, 10_080, 43_200, 525_600].map { $0 * minute }

  /// Years up to 9999 either way; what lies beyond is counted at the end.
  private static let span: ClosedRange<Int64> = -377_705_116_800_000...253_402_300_799_999

  /// At most about `count` bins. `times` are local: the zone's offset is added already.
  public init(local given: [Int64], bins count: Int = 60) {
    let times = given.map { min(max($0, TimeBins.span.lowerBound), TimeBins.span.upperBound) }
    guard let first = times.min(), let last = times.max() else {
      (bins, step) = ([], TimeBins.minute)
      return
    }
    let wanted = TimeBins.steps.first { (last - first) / $0 < Int64(max(1, count)) }
    let step = wanted ?? TimeBins.steps[TimeBins.steps.count - 1]
    func index(_ time: Int64) -> Int64 { time >= 0 ? time / step : (time - (step - 1)) / step }
    let low = index(first)
    var counts = [Int](repeating: 0, count: Int(index(last) - low) + 1)
    for time in times { counts[Int(index(time) - low)] += 1 }
    bins = counts.enumerated().map { Bin(start: (low + Int64($0.offset)) * step, count: $0.element) }
    self.step = step
  }
}
