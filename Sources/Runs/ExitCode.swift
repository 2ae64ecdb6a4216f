/// What a command says to the shell.
public enum ExitCode: Int32, Sendable {
  case done = 0
  case scriptError = 1
  case usage = 2
  case someFailed = 3
  case refused = 4
  case stopped = 5
  case unknown = 6
  case interrupted = 130
  case terminated = 143

  /// The facts of a command's end.
  public struct Facts: Sendable {
    public var usageError = false
    public var scriptError = false
    /// Refused before any write was sent.
    public var refused = false
    public var unknownItems = 0
    public var signal: Signal?
    /// By a cap, an error limit, the breaker, a person or the end of the plan.
    public var stopped = false
    /// Failed, changed or diverged.
    public var failedItems = 0

    public init() {}
  }

  public enum Signal: Sendable {
    case interrupt
    case terminate
  }

  /// The first that fits, in the order of docs/runs.md.
  public static func of(_ facts: Facts) -> ExitCode {
    if facts.usageError { return .usage }
    if facts.scriptError { return .scriptError }
    if facts.refused { return .refused }
    if facts.unknownItems > 0 { return .unknown }
    switch facts.signal {
    case .interrupt: return .interrupted
    case .terminate: return .terminated
    case nil: break
    }
    if facts.stopped { return .stopped }
    return facts.failedItems > 0 ? .someFailed : .done
  }
}
