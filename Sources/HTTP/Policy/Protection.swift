/// How a workspace is guarded against writes. The client itself refuses every write of a read-only one; the
/// other two differ in who is asked before.
public enum Protection: String, Sendable, CaseIterable {
  /// Nothing but reads leaves the process.
  case readOnly = "read-only"
  /// Writes are shown and asked for.
  case ask
  /// Writes are sent without a question.
  case open
}
