import Synchronization

/// Raised once, from any thread, to end long work.
public final class StopFlag: Sendable {
  private let value = Atomic(false)

  public init() {}

  public var isRaised: Bool { value.load(ordering: .relaxed) }

  public func raise() { value.store(true, ordering: .relaxed) }
}
