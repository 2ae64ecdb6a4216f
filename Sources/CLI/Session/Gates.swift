import Intercom
import Machine

/// Refuses every write: a script is only read, or nobody has allowed it to write.
final class ClosedGate: WriteGate {
  nonisolated(unsafe) static let shared = ClosedGate()

  func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision {
    throw RuntimeError(
      "`\(write.operation.qualifiedName)` would write, and nothing may be written here", kind: .uncatchable,
      code: "refused_write",
      hints: ["a script writes with `parlance run FILE --apply`; `parlance plan FILE` shows what it would do"])
  }

  func completed(_ write: PendingWrite, _ outcome: WriteOutcome) {}
}

/// Lets every write through: only for a workspace that ends with this process.
final class EphemeralGate: WriteGate {
  nonisolated(unsafe) static let shared = EphemeralGate()

  func admit(_ write: PendingWrite) throws(RuntimeError) -> GateDecision { .send }
  func completed(_ write: PendingWrite, _ outcome: WriteOutcome) {}
}
