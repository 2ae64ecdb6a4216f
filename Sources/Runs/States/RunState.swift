/// The life of a run. `crashed` is never stored: it is how `running` and `draining` read while no process
/// holds the run's file lock.
public enum RunState: String, Lifecycle {
  case planned
  case running
  case draining
  case stopped
  case interrupted
  case done
  case crashed

  public static let transitions: [Transition<RunState>] = [
    .init(.planned, .running, "apply"),
    .init(.running, .draining, "signal, cap, breaker, pause"),
    .init(.draining, .running, "a pause ends"),
    .init(.draining, .stopped, "all answers are in"),
    .init(.draining, .interrupted, "signal"),
    .init(.running, .done, "every item has its end"),
    .init(.stopped, .running, "resume"),
    .init(.interrupted, .running, "resume"),
    .init(.crashed, .running, "resume"),
    .init(.done, .running, "retry, settle"),
  ]

  /// What a stored state reads as, given whether a process holds the run.
  public func seen(isHeld: Bool) -> RunState {
    switch self {
    case .running, .draining: isHeld ? self : .crashed
    case .planned, .stopped, .interrupted, .done, .crashed: self
    }
  }

  /// There is work left that `resume` would do.
  public var isUnfinished: Bool { self != .done && self != .planned }
}
