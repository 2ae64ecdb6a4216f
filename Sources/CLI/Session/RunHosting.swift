import Runs

/// What a script that can write is run by: everything that plans, asks, applies, journals and accounts.
///
/// A host gets a job when the command line is understood, the parameters are set and nothing has run.
protocol RunHost {
  /// `run`, `plan` and `rehearse`.
  func run(_ job: RunJob) throws(Problem) -> ExitCode
  /// `apply PLAN`, `resume RUN`, `retry RUN`, `undo RUN`, `settle RUN WRITE VERDICT`, `runs …`.
  func command(_ name: String, _ context: CommandContext) throws(Problem) -> ExitCode
}

/// A script to run, with everything that a host needs.
struct RunJob {
  enum Mode: String { case run, plan, rehearse }

  var mode: Mode
  /// As the user called the script: a path or a runbook's name.
  var name: String
  var script: PreparedScript
  /// Set in the engine already; kept as texts for the journal.
  var parameters: [ScriptParameters.Given]
  /// Holds `engine`, `binding` (its `gate` is the host's to set), `client`, `destination`.
  var workbench: Workbench
  /// Flags: `apply`, `limit`, `max-writes`, `key`, `reason`, `as`, …
  var context: CommandContext
}

/// Where the host is plugged in.
enum RunHosting {
  static var host: any RunHost { JournaledHost() }
}
