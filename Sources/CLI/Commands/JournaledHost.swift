import Diagnostics
import Engine
import Glibc
import JSON
import Machine
import Runs

/// How a script may write, before a command's flags are looked at.
enum WritePermission {
  /// `eval` and the REPL: a workspace that ends with the process is written at once, others ask.
  case unasked
  case run(RunOptions.Mode)
}

/// A run that stands behind an engine: its gate, its loop and its journal's end.
final class AttachedRun {
  let run: ScriptRun
  /// The folder of a journal that ends with the process.
  private let temporary: String?
  private var isClosed = false
  /// The run's account once it has ended.
  private(set) var account: RunReport?

  init(_ run: ScriptRun, temporary: String?) {
    self.run = run
    self.temporary = temporary
  }

  /// Ends the run's journal. The exit code is what the run itself came to.
  @discardableResult func close(_ exit: ExitCode? = nil) -> ExitCode {
    let code = exit ?? ExitCode.of(run.exitFacts)
    guard !isClosed else { return code }
    isClosed = true
    run.finish(code)
    if let directory = run.options.directory, let id = run.runID, temporary == nil {
      account = try? RunReport(RunShelf(directory).reader(of: id))
    }
    if let temporary { AttachedRun.remove(temporary) }
    return code
  }

  /// What became of the run, and the commands that make sense now; on stderr.
  func sayEnd(_ context: CommandContext) {
    guard let account, account.run.mode != "plan", account.tally.total > 0 || account.run.state != .done
    else { return }
    let statistics = run.binding.transport.client.statistics
    var cost = RunReport.Cost()
    cost.requests = statistics.requests
    cost.milliseconds = run.elapsed
    cost.waited = run.waited
    context.console.note(account.end(cost))
  }

  private static func remove(_ folder: String) {
    guard let directory = opendir(folder) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { unlink(folder + "/" + name) }
    }
    closedir(directory)
    rmdir(folder)
  }
}

/// Runs scripts by the journal: `run`, `plan`, `apply`, `resume`, `retry`, `undo`, `settle`, `runs`.
struct JournaledHost: RunHost {
  /// Puts a run behind the workbench's engine. Nil for a script that never reaches the API; `always`, where
  /// something else may that comes after it.
  static func attach(
    _ workbench: Workbench, _ script: PreparedScript, name: String, mode: WritePermission,
    always: Bool = false,
    configure: (inout RunOptions) throws(Problem) -> Void = { _ in }
  ) throws(Problem) -> AttachedRun? {
    guard let binding = workbench.binding, always || script.reachesAPI || !script.compiled.steps.isEmpty
    else {
      return nil
    }
    let isEphemeral = workbench.destination.isEphemeral
    let permission = try permission(mode, workbench, script)
    var options = RunOptions(
      mode: permission, script: name, program: String(decoding: script.source.bytes, as: UTF8.self))
    options.account = workbench.destination.account
    options.locks = !isEphemeral
    options.protection = RunOptions.Protection(rawValue: workbench.options.protection.rawValue) ?? .ask
    options.isLive = !workbench.destination.isLocal
    options.signal = { Signals.first.map { $0 == SIGTERM ? .terminate : .interrupt } }
    options.modules = { [weak workbench] in workbench?.moduleTexts ?? "[]" }
    options.catalogueHash = { Tool.declarationsHash }
    if case .run = mode { options.keepsReads = !script.compiled.steps.isEmpty }
    // For tests that kill runs against a sandbox of their own; a real workspace gets its full time.
    if workbench.destination.isLocal, let text = workbench.environment["PARLANCE_TEST_QUIET_MS"],
      let quiet = Int64(text)
    {
      options.rules = StandardRules(quietTime: max(0, quiet), secondLook: max(0, quiet))
    }
    try configure(&options)
    var temporary: String?
    if isEphemeral, case .unasked = mode {
      temporary = try temporaryFolder(workbench.environment)
      options.directory = temporary.map { StateDirectory(path: $0) }
    } else if options.directory == nil {
      options.directory = StateDirectory.find(in: workbench.environment)
      if options.isLive, workbench.environment["CI"].map({ !$0.isEmpty && $0 != "false" }) ?? false {
        options.refusal = (
          "`CI` is set, and a container's disk is no journal",
          ["say where a disk stays: `--journal DIR`"]
        )
      }
    }
    let isShell = if case .unasked = mode { true } else { false }
    let machine = workbench.engine.machine
    let voice = ConsoleVoice(
      workbench.console, asks: true, isShell: isShell,
      isInterrupted: { [unowned machine] in machine.interruptFlag.pointee })
    return AttachedRun(ScriptRun(workbench.engine, binding, options, voice), temporary: temporary)
  }

  /// What the workspace's protection makes of a command's wish to write.
  private static func permission(_ mode: WritePermission, _ workbench: Workbench, _ script: PreparedScript)
    throws(Problem) -> RunOptions.Mode
  {
    let protection = workbench.options.protection
    switch mode {
    case .run(.plan): return .plan
    case _ where protection == .readOnly:
      guard let write = script.writes.first else { break }
      throw Problem(
        "this can write (`\(write.operation)`), and the workspace is read-only",
        hints: [
          "`parlance plan` shows what would be written and sends nothing",
          workbench.destination.howToAllowWrites,
        ], exit: .refused)
    default: break
    }
    switch mode {
    // A workspace that ends with the process, or one that its owner has opened.
    case .unasked: return protection == .open ? .apply : .ask
    case .run(.ask): return protection == .open ? .apply : .ask
    case .run(let mode): return mode
    }
  }

  /// Only its name is taken here; the folder is made when a journal is.
  private static func temporaryFolder(_ environment: [String: String]) throws(Problem) -> String {
    let base = environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    return "\(base)/parlance-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
  }

  /// The flags that hold for whatever writes.
  static func limits(_ context: CommandContext, _ options: inout RunOptions) throws(Problem) {
    if let writes = try context.number("max-writes", in: 0...1_000_000_000) { options.caps.writes = writes }
    if let destroys = try context.number("max-destroys", in: 0...1_000_000_000) {
      options.caps.destroys = destroys
    }
    options.limit = try context.number("limit", in: 0...1_000_000_000)
    options.reason = context.arguments.value("reason")
    if let text = context.arguments.value("max-age") { options.maxAge = ParameterValue.milliseconds(text) }
    if let text = context.arguments.value("max-errors") {
      let isShare = text.hasSuffix("%")
      if let number = Int(isShare ? String(text.dropLast()) : text) {
        options.errors = isShare ? .percent(number) : .count(number)
      }
    }
    if let directory = context.arguments.value("journal") {
      options.directory = StateDirectory(path: directory)
    }
  }

  /// A script's end as an exit code; its error is shown, and what can be done about it.
  static func end(
    _ result: Result<Value, RuntimeError>, _ attached: AttachedRun?, _ context: CommandContext
  ) -> ExitCode {
    let result = attached?.run.judged(result) ?? result
    var facts = attached?.run.exitFacts ?? ExitCode.Facts()
    if case .failure(let error) = result {
      switch (error.kind, error.code) {
      case (.uncatchable, "stopped"), (.uncatchable, "bulk_failed"), (.uncatchable, "refused"),
        (.uncatchable, "changed"), (.uncatchable, "diverged"):
        _ = context.report.show(Problem(error.message, hints: error.hints, exit: .refused))
        if error.code == "refused" { facts.refused = true }
        if error.code == "stopped" { facts.stopped = facts.signal == nil }
        if error.code == "diverged" || error.code == "changed" {
          facts.failedItems = max(1, facts.failedItems)
        }
      case (.uncatchable, "journal"):
        _ = context.report.show(Problem(error.message, hints: error.hints, exit: .stopped))
        facts.stopped = facts.signal == nil
      case (.uncatchable, ScriptRun.endOfPlan):
        context.console.note("\(error.message); what comes after is planned when it is reached")
      case (.uncatchable, "unknown_outcome"):
        _ = context.report.show(Problem(error.message, hints: error.hints, exit: .unknown))
        facts.unknownItems = max(1, facts.unknownItems)
      case (.interrupt, _):
        facts.signal = facts.signal ?? (Signals.first == SIGTERM ? .terminate : .interrupt)
      default:
        let code = context.report.show(error)
        facts.scriptError = code == .scriptError
        facts.refused = facts.refused || code == .refused
        if code == .unknown { facts.unknownItems = max(1, facts.unknownItems) }
      }
    }
    guard let attached else { return ExitCode.of(facts) }
    let code = attached.close(ExitCode.of(facts))
    attached.sayEnd(context)
    return code
  }
}

extension Destination {
  /// A server on this machine.
  var isLocal: Bool {
    switch self {
    case .sandbox: true
    case .address(let base): base.isLoopback
    case .live: false
    case .workspace(let profile): profile.base.isLoopback
    }
  }

  /// What to do where protection is in the way.
  var howToAllowWrites: String {
    if case .workspace(let profile) = self {
      return
        "without --read-only; `parlance workspaces protect \(profile.name) ask` lets writes through for good"
    }
    return "leave out --read-only, and PARLANCE_PROTECTION=read-only from the environment"
  }

  /// Whether a run that was begun on that account may go on here. A token of the environment does not say whose it
  /// is: the run itself asks the API before its first write, and goes on in its own workspace alone.
  func mayBe(_ other: String) -> Bool {
    let mine = account
    if mine == other { return true }
    guard mine.hasPrefix("intercom:"), other.hasPrefix("intercom:") else { return false }
    let (ours, theirs) = (mine.split(separator: ":"), other.split(separator: ":"))
    return ours.count != theirs.count && ours.prefix(2) == theirs.prefix(2)
  }

  /// Where a run works, as far as it is known before the API was asked.
  var account: String {
    switch self {
    case .sandbox(let seed, _): "sandbox:\(seed)"
    case .live(let region): "intercom:\(region)"
    case .address(let base): base.origin
    case .workspace(let profile):
      // Two workspaces of one region are two.
      profile.region.map { region in "intercom:\(region)" + (profile.id.map { ":\($0)" } ?? "") }
        ?? profile.base.origin
    }
  }
}
