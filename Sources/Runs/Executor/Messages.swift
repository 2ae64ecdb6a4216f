/// Leave to send one write: made by the executor alone, after the write's intent is on disk. The client's
/// sending function takes one, so that there is no write without a journal.
public struct WriteTicket: Sendable, Equatable {
  public let id: EntryID
  public let attempt: Int
  /// Placeholders resolved.
  public let request: WriteRequest

  init(id: EntryID, attempt: Int, request: WriteRequest) {
    self.id = id
    self.attempt = attempt
    self.request = request
  }
}

/// What the executor wants done. Each but `wake`, `releaseBallast` and the last two is answered by one event.
public enum ExecutorAction: Sendable, Equatable {
  /// Commit, in order, synchronously on the journal's thread. → `committed` or `commitFailed`
  case commit(batch: Int, [JournalChange])
  /// A place in the client's rate budget. → `slot`
  case slot(EntryID)
  /// A read that a block asked for. → `read`
  case read(EntryID, ReadRequest)
  /// A read for freshness. → `checked`
  case check(EntryID, FreshnessCheck)
  /// Send now. → `answered`
  case send(WriteTicket)
  /// Look at the workspace for an unknown write. → `looked`
  case look(EntryID, LookUp)
  /// Send `tick` at this time (steady milliseconds) at the latest; replaces the wake before.
  case wake(at: Int64)
  /// The disk is full: delete the ballast file before the commit that follows.
  case releaseBallast
  /// The step is over; its rows are on disk. `Executor.begin` may be called again, or `Executor.finish`.
  case stepEnded(StepAccount)
  /// The run is over for this process; its rows are on disk as far as that was possible.
  case halted(StopReason?)
}

/// What happened.
public enum ExecutorEvent: Sendable, Equatable {
  case committed(batch: Int)
  case commitFailed(batch: Int, JournalError)
  case slot(EntryID)
  case read(EntryID, Result<String, Problem>)
  case checked(EntryID, Freshness)
  case answered(EntryID, Answer)
  case looked(EntryID, Finding)
  case tick
  /// Nothing ran here for longer than records stay fresh: the machine has slept.
  case woke
  case signal(ExitCode.Signal)
  case control(ControlCommand)
}

/// A word to a running run, from its terminal or from another one.
public enum ControlCommand: Sendable, Equatable {
  case pause
  case resume
  case stop
  /// Writes a minute; 0 lifts the limit.
  case rate(Int)
}

/// A step's account: what a `bulk` gives, beside its rows.
public struct StepAccount: Sendable, Equatable {
  public var step: Int
  public var tally: Tally
  /// The script goes on: nothing failed, or the step says `on_error: "continue"`.
  public var goesOn: Bool
}
