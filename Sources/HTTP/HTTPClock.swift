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

  private static func read(_ id: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(id, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
