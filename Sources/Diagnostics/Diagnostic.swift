/// One finding about a source text: where, what, why, what to do.
public struct Diagnostic: Error, Sendable, Hashable {
  public enum Severity: String, Sendable { case error, warning }

  public var severity: Severity
  /// What is wrong, in one sentence without a full stop.
  public var message: String
  public var range: SourceRange
  /// Stands behind the caret: the nearest right thing (``did you mean `.email`?``).
  public var label: String?
  /// What to write instead, or why the rule exists; a line of its own below the excerpt.
  public var hints: [String]
  /// Facts below the excerpt, a line each, before the hints.
  public var notes: [String] = []

  public init(
    _ severity: Severity = .error, _ message: String, at range: SourceRange, label: String? = nil,
    hints: [String] = []
  ) {
    self.severity = severity
    self.message = message
    self.range = range
    self.label = label
    self.hints = hints
  }
}
