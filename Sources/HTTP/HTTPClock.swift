#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where time comes from. Seconds.
public struct HTTPClock: Sendable {
  /// Never goes back and counts the machine's sleep.
  public var monotonic: @Sendable () -> Double
  /// Since 1970; may be wrong and may jump.
  public var wall: @Sendable () -> Double
  /// Seconds of `monotonic` that pass in a real one: above 1 in simulations.
  public var pace = 1.0

  public init(monotonic: @escaping @Sendable () -> Double, wall: @escaping @Sendable () -> Double) {
    self.monotonic = monotonic
    self.wall = wall
  }

  public static let system = HTTPClock(
    monotonic: {
      #if os(Linux)
        read(CLOCK_BOOTTIME)
      #else
        read(CLOCK_MONOTONIC)
      #endif
    },
    wall: { read(CLOCK_REALTIME) })

  /// A clock that runs so many times as fast, for simulations.
  public static func fast(_ pace: Double) -> HTTPClock {
    let start = (monotonic: system.monotonic(), wall: system.wall())
    var clock = HTTPClock(
      monotonic: { start.monotonic + (system.monotonic() - start.monotonic) * pace },
      wall: { start.wall + (system.monotonic() - start.monotonic) * pace })
    clock.pace = max(1e-9, pace)
    return clock
  }

  private static func read(_ id: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(id, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
