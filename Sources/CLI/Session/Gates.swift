import Intercom
import Machine

/// Refuses every write, until a run with a journal sets a gate of its own.
final class ClosedGate: WriteGate {
  nonisolated(unsafe) static let shared = ClosedGate()

  func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision {
    throw RuntimeError(
      "`\(write.operation.qualifiedName)` would write, and nothing may be written here", kind: .uncatchable,
      code: "refused_write",
      hints: ["a script writes with `parlance run FILE --apply`; `parlance plan FILE` shows what it would do"]
    )
  }

  func completed(_ write: PendingWrite, _ outcome: WriteOutcome) {}
}
