import HTTP
import Synchronization

/// The system's clocks, set forward and back by hand.
final class MovedClock: Sendable {
  private let moved = Mutex((monotonic: 0.0, wall: 0.0))

  /// The machine sleeps: both clocks go on, and nothing runs.
  func sleep(_ seconds: Double) {
    moved.withLock {
      $0.monotonic += seconds
      $0.wall += seconds
    }
  }

  /// Somebody sets the wall clock.
  func setWall(by seconds: Double) { moved.withLock { $0.wall += seconds } }

  var clock: HTTPClock {
    HTTPClock(
      monotonic: { [self] in HTTPClock.system.monotonic() + moved.withLock { $0.monotonic } },
      wall: { [self] in HTTPClock.system.wall() + moved.withLock { $0.wall } })
  }
}
