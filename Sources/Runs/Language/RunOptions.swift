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

  /// What a workspace's profile allows.
  public enum Protection: String, Sendable, CaseIterable {
    case readOnly = "read-only"
    case ask
    case open
  }

  public var mode: Mode
  public var script: String
  /// The script's text, which `resume` runs.
  public var program: String
  /// Texts of the modules that it uses, as JSON; asked for when the journal is made.
  public var modules: () -> String = { "[]" }
  /// As JSON.
  public var params = "{}"
  public var caps = Caps()
  public var limit: Int?
  public var errors = StepPolicy.ErrorLimit.none
  /// How old what is known of a record may be at its first write, where a bulk does not say: milliseconds.
  public var maxAge: Int64?
  public var key: String?
  public var reason: String?
  /// Where runs are kept; nil: nothing may be written.
  public var directory: StateDirectory?
  /// Why nothing may be written here at all.
  public var refusal: (message: String, hints: [String])?
  /// How unknown outcomes are settled; tests with a server of their own need not wait.
  public var rules = StandardRules()
  /// `sandbox`, or the address.
  public var account = "sandbox"
  /// One writing run a workspace: not for one that nobody else can reach.
  public var locks = true
  /// Lines that an earlier pass has printed.
  public var skipsLines = 0
  /// On a copy of the workspace.
  public var isRehearsal = false
  /// Intercom itself: real people at the other end.
  public var isLive = false
  public var protection = Protection.ask
  /// A step that was not approved is shown and asked about.
  public var asks = false
  /// A plan that will be gone through again once it is approved: what is said after the first write is not shown.
  public var isFirstPass = false
  /// A run that goes on plans its next steps, and writes nothing.
  public var plansOnly = false
  /// Steps that were shown and approved before this pass.
  public var approved: [Int: PlanFacts] = [:]
  /// What the script itself reads is kept for a run that goes on.
  public var keepsReads = false
  /// Which signal has come; nil: none.
  public var signal: () -> ExitCode.Signal? = { nil }
  /// Takes an interrupt that the engine does not see, since it does not run.
  public var interrupted: (() -> Bool)?
  /// Of the declarations and the program: a block is not gone on with by another one.
  public var catalogueHash: () -> String = { "" }

  public var programHash: String { String(Fingerprint(of: [program]).bits, radix: 16) }

  public init(mode: Mode, script: String, program: String) {
    self.mode = mode
    self.script = script
    self.program = program
    if case .ask = mode { asks = true }
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
  /// The answer is a name to be typed; nil where nobody can be asked.
  func confirm(_ question: String, byTyping name: String) -> Bool?
  /// Shows what scripts have printed so far.
  func flush()
}
