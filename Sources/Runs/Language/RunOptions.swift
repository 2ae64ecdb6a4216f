/// How a script may write.
public struct RunOptions {
  public enum Mode: Sendable {
    /// Writes are planned, none is sent.
    case plan
    /// Each step is planned, shown, and sent after a yes.
    case ask
    /// Sent without a question (`--apply`, the sandbox's REPL).
    case apply
    /// A run goes on: what its journal holds is not done again.
    case resume(String)
  }

  public var mode: Mode
  public var script: String
  /// The script's text, which `resume` runs.
  public var program: String
  /// As JSON.
  public var params = "{}"
  public var caps = Caps()
  public var limit: Int?
  public var errors = StepPolicy.ErrorLimit.none
  public var key: String?
  public var reason: String?
  /// Where runs are kept; nil: nothing may be written.
  public var directory: StateDirectory?
  /// How unknown outcomes are settled; tests with a server of their own need not wait.
  public var rules = StandardRules()
  /// `sandbox`, or the address.
  public var account = "sandbox"

  public init(mode: Mode, script: String, program: String) {
    self.mode = mode
    self.script = script
    self.program = program
  }
}

/// What a run says to people while it goes: stderr.
public protocol RunVoice: AnyObject {
  func say(_ line: String)
  /// One line that is painted over.
  func progress(_ line: String)
  func endProgress()
  /// A yes or no; nil where nobody can be asked.
  func confirm(_ question: String) -> Bool?
  /// Shows what scripts have printed so far.
  func flush()
}
