/// What went wrong while a script ran: facts for `catch`, for messages and for exit codes.
public struct RuntimeError: Error {
  public enum Kind: Sendable {
    /// Scripts may catch it.
    case error
    /// An API or transport failure; scripts may catch it.
    case api
    /// A limit (steps, memory, depth, time): not catchable.
    case limit
    /// Ctrl-C: not catchable.
    case interrupt
    /// A write that the mode forbids, or whose outcome is unknown: not catchable.
    case uncatchable
    /// `skip`: ends one item of a bulk; not catchable.
    case skip
  }

  public var kind: Kind
  /// One sentence without a full stop.
  public var message: String
  public var hints: [String]
  /// Facts beside the message, a line each: the two sides of a comparison.
  public var notes: [String] = []
  /// What `e.code` says, such as `not_found`; `raised` for a script's own errors.
  public var code: String
  public var status: Int?
  public var operation: String?
  public var requestID: String?
  /// Innermost first; filled in as the error leaves the machine.
  public var trace: [TraceEntry] = []
  /// A value that a script raised, kept alive by the machine until it is caught.
  var raised: Value?
  /// Stands behind the caret.
  public var label: String?

  public init(
    _ message: String, kind: Kind = .error, code: String = "error", label: String? = nil, hints: [String] = []
  ) {
    self.kind = kind
    self.message = message
    self.code = code
    self.label = label
    self.hints = hints
  }

  public var isCatchable: Bool { kind == .error || kind == .api }
}
