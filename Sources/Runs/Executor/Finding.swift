/// What the executor wants to know before a write: is the record as the run knows it? A record without a
/// type asks for what a create would find there already.
public struct FreshnessCheck: Sendable, Equatable {
  public var record: RecordRef
  public var request: WriteRequest
  /// The version that the run knows; nil if the type has none or the record was never read.
  public var version: String?
  /// The record as frozen, if the record is the item.
  public var snapshot: String?
  /// What the written fields are expected to hold, as JSON; undo has no other condition.
  public var expected: String?
}

/// What the read for a `FreshnessCheck` showed. Changed means: another `updated_at`, or (a type without
/// one, or an undo) a field that the write sets holds something else than expected.
public enum Freshness: Sendable, Equatable {
  /// `before`: the written fields as they are now, as JSON.
  case same(before: String?, version: String?)
  case changed(String)
  case missing
  case unreadable(Problem)
}

/// A question about an unknown write.
public struct LookUp: Sendable, Equatable {
  /// As sent, placeholders resolved.
  public var request: WriteRequest
  public var before: String?
  /// Server time of the first send, milliseconds: what is older is not ours.
  public var since: Int64
  /// What the last answer said: a duplicate's id may stand in it.
  public var problem: Problem?
}

/// What looking at the workspace showed of an unknown write.
public enum Finding: Sendable, Equatable {
  /// The target state holds, or the record shows the write.
  case present(WriteResult)
  /// Records that fit: same author, same content, made since the send. `created` is set in each.
  case matches([WriteResult])
  /// The record equals `before`.
  case asBefore
  /// The record is neither.
  case other(String)
  /// The record is not there any more.
  case missing
  /// GONE: the record is still there.
  case standing
  case unreadable(Problem)
}

/// What a write's answer, or a look, comes to.
public enum Verdict: Sendable, Equatable {
  case done(WriteResult, VerdictSource)
  /// Definite: nothing happened.
  case refused(Problem)
  /// Not carried out; to be sent again after so many seconds.
  case later(seconds: Int, Problem)
  /// Not carried out, and the whole run stops.
  case stop(StopReason, Problem)
  /// No usable answer. Without `quiet` there is no late effect to wait for.
  case unknown(Problem, quiet: Bool)
  /// Settling: shown not to have happened; send it as the next attempt.
  case absent
  /// Settling: send it again, it is harmless.
  case repeating
  /// Settling: look again in so many milliseconds.
  case lookAgain(Int64)
  /// Settling: the record holds something else.
  case changed(String)
  /// Settling gave up.
  case open(String)
}

/// Why a run takes no more writes.
public enum StopReason: Sendable, Equatable {
  case maxWrites(Int)
  case maxDestroys(Int)
  /// A step that runs by block wants to write more than was shown of it.
  case moreThanShown(Int)
  case errors(failed: Int)
  case breaker(String)
  case journal(JournalError)
  case person
  case signal(ExitCode.Signal)
  case endOfPlan
}
