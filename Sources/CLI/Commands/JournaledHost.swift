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
    if let temporary { AttachedRun.remove(temporary) }
    return code
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

/// Runs scripts by the journal: `run`, `plan`, `apply`, `resume`, `runs`, `settle`.
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

  // MARK: run and plan

  func run(_ job: RunJob) throws(Problem) -> ExitCode {
    let context = job.context
    let mode: RunOptions.Mode =
      job.mode == .plan ? .plan : context.arguments.has("apply") ? .apply : .ask
    let parameters = JSONValue.object(
      job.parameters.reduce(into: JSONObject()) { $0[$1.parameter.name] = .string($1.text) })
    let attached = try JournaledHost.attach(job.workbench, job.script, name: job.name, mode: .run(mode)) {
      (options) throws(Problem) in
      options.params = parameters.text()
      options.key = context.arguments.value("key")
      options.reason = context.arguments.value("reason")
      try JournaledHost.limits(context, &options)
      if let directory = context.arguments.value("journal") {
        options.directory = StateDirectory(path: directory)
      }
    }
    guard let attached else { return JournaledHost.end(job.workbench.run(job.script), nil, context) }
    if job.mode == .run { try checkUnfinished(attached.run, context) }
    let code = JournaledHost.end(job.workbench.run(job.script), attached, context)
    if job.mode == .plan { return try planEnd(attached, code, context) }
    return code
  }

  private static func limits(_ context: CommandContext, _ options: inout RunOptions) throws(Problem) {
    options.caps.writes = try context.number("max-writes", in: 0...1_000_000_000)
    options.caps.destroys = try context.number("max-destroys", in: 0...1_000_000_000)
    options.limit = try context.number("limit", in: 0...1_000_000_000)
    if let text = context.arguments.value("max-errors") {
      let isShare = text.hasSuffix("%")
      if let number = Int(isShare ? String(text.dropLast()) : text) {
        options.errors = isShare ? .percent(number) : .count(number)
      }
    }
  }

  /// A script with an unfinished run is not begun a second time by mistake.
  private func checkUnfinished(_ run: ScriptRun, _ context: CommandContext) throws(Problem) {
    guard !context.arguments.has("new"), let directory = run.options.directory else { return }
    let hash = String(Fingerprint(of: [run.options.program]).bits, radix: 16)
    do throws(JournalError) {
      let shelf = RunShelf(directory)
      guard
        let entry = try shelf.unfinished(
          script: run.options.script, programHash: hash, params: run.options.params,
          workspace: run.options.account)
      else { return }
      throw JournalError.noSuchRun(entry.run.id)
    } catch {
      guard case .noSuchRun(let id) = error else { return }
      throw Problem(
        "an unfinished run of this script with these parameters lies there: \(id)",
        hints: ["`parlance resume \(id)` goes on with it", "`--new` starts another one"], exit: .refused)
    }
  }

  private func planEnd(_ attached: AttachedRun, _ code: ExitCode, _ context: CommandContext) throws(Problem)
    -> ExitCode
  {
    let run = attached.run
    let writes = run.plans.reduce(0) { $0 + $1.facts.writes }
    guard code == .done else { return code }
    guard let id = run.runID else {
      context.console.note("nothing to write")
      return code
    }
    if let path = context.arguments.value("output") {
      do throws(JournalError) {
        guard let directory = run.options.directory else { return code }
        unlink(path)
        try Journal(path: directory.journal(of: id)).copy(to: path)
        context.console.note("\(writes) writes planned, none sent. `parlance apply \(path)` sends them.")
      } catch {
        throw Problem("the plan cannot be written to \(path): \(error)", exit: .refused)
      }
    } else if run.options.account.hasPrefix("sandbox:") {
      context.console.note(
        "\(writes) writes planned, none sent. This sandbox ends here: `parlance sandbox serve` keeps one, for --base-url."
      )
    } else {
      context.console.note("\(writes) writes planned, none sent. `parlance apply \(id)` sends them.")
    }
    return code
  }

  /// A script's end as an exit code; its error is shown.
  private static func end(
    _ result: Result<Value, RuntimeError>, _ attached: AttachedRun?, _ context: CommandContext
  ) -> ExitCode {
    var facts = attached?.run.exitFacts ?? ExitCode.Facts()
    if case .failure(let error) = result {
      switch (error.kind, error.code) {
      case (.uncatchable, "stopped"), (.uncatchable, "bulk_failed"), (.uncatchable, "refused"):
        _ = context.report.show(Problem(error.message, hints: error.hints, exit: .refused))
        if error.code == "refused" { facts.refused = true }
        if error.code == "stopped" { facts.stopped = facts.signal == nil }
      case (.interrupt, _):
        facts.signal = facts.signal ?? .interrupt
      default:
        let code = context.report.show(error)
        facts.scriptError = code == .scriptError
        facts.refused = facts.refused || code == .refused
        if code == .unknown { facts.unknownItems = max(1, facts.unknownItems) }
      }
    }
    return attached?.close(ExitCode.of(facts)) ?? ExitCode.of(facts)
  }

  // MARK: Commands about runs

  func command(_ name: String, _ context: CommandContext) throws(Problem) -> ExitCode {
    switch name {
    case "resume": try resume(context)
    case "apply": try apply(context)
    case "runs": try RunsCommand.run(context, try directory(context))
    case "settle": try settle(context)
    case "retry": try retry(context)
    default: throw UsageError.notThereYet(name).problem
    }
  }

  private func directory(_ context: CommandContext) throws(Problem) -> StateDirectory {
    if let path = context.arguments.value("journal") { return StateDirectory(path: path) }
    guard let found = StateDirectory.find(in: context.environment) else {
      throw Problem(
        "there is nowhere that runs are kept", hints: ["set PARLANCE_STATE to a directory"], exit: .refused)
    }
    return found
  }

  /// The run's row; the workspace has to be the one it was begun on.
  private func row(_ id: String, _ context: CommandContext, _ workbench: Workbench) throws(Problem) -> RunRow
  {
    let directory = try directory(context)
    let row: RunRow
    do throws(JournalError) { row = try RunShelf(directory).reader(of: id).run() } catch {
      throw Problem("\(error)", exit: .usage)
    }
    guard row.account == workbench.destination.account else {
      throw Problem(
        "the run \(id) belongs to \(row.account), and this is \(workbench.destination.account)",
        hints: ["say where with --base-url, or with the token of that workspace"], exit: .refused)
    }
    return row
  }

  private func resume(_ context: CommandContext, retrying: Bool = false) throws(Problem) -> ExitCode {
    let id = try context.operand(retrying ? "retry" : "resume", "a run")
    // What the run printed before is not printed again.
    let replay = Replay()
    let workbench = try context.workbench(output: { [console = context.console] line in
      if !(replay.run?.isReplaying ?? false) { console.print(line) }
    })
    defer {
      Signals.forget()
      workbench.close()
    }
    let row = try row(id, context, workbench)
    guard row.mode != "plan" else {
      throw Problem("\(id) is a plan", hints: ["`parlance apply \(id)` sends its writes"], exit: .usage)
    }
    let script = workbench.prepare(SourceText(name: row.script, text: row.program))
    guard script.isRunnable else {
      workbench.report(script)
      return .scriptError
    }
    let values = (try? JSONValue.parse(row.params)) ?? .object(JSONObject())
    try workbench.set(try ScriptParameters(script: script.compiled, name: row.script).read([], file: values))
    guard
      let attached = try JournaledHost.attach(
        workbench, script, name: row.script, mode: .run(.resume(id)),
        configure: { (options) throws(Problem) in
          options.directory = try directory(context)
          options.params = row.params
          options.caps = row.caps
        })
    else { return .done }
    workbench.engine.fixedNow = row.now
    replay.run = attached.run
    do throws(RuntimeError) {
      if retrying { try attached.run.prepareRetry() }
      try attached.run.prepareResume()
    } catch {
      return JournaledHost.end(.failure(error), attached, context)
    }
    return JournaledHost.end(workbench.run(script), attached, context)
  }

  private func retry(_ context: CommandContext) throws(Problem) -> ExitCode {
    try resume(context, retrying: true)
  }

  private final class Replay {
    var run: ScriptRun?
  }

  /// `apply PLAN`: a run's id, or a file that `plan -o` wrote.
  private func apply(_ context: CommandContext) throws(Problem) -> ExitCode {
    var name = try context.operand("apply", "a plan: a run's id, or a file of `plan -o`")
    let directory = try directory(context)
    if !RunID.isValid(name) { name = try adopt(name, directory) }
    let workbench = try context.workbench()
    defer {
      Signals.forget()
      workbench.close()
    }
    let row = try row(name, context, workbench)
    guard row.state == .planned else {
      throw Problem("\(name) is no plan that waits: it is \(row.state.rawValue)", exit: .refused)
    }
    let age = Workbench.now() - row.startedAt
    guard age < 86_400_000 else {
      throw Problem(
        "the plan is \(age / 3_600_000) hours old, and after 24 it is not applied any more",
        hints: ["make a new one: `parlance plan \(row.script)`"], exit: .refused)
    }
    // The API's names open the workspace.
    let script = workbench.prepare(SourceText(name: row.script, text: row.program))
    guard script.isRunnable,
      let attached = try JournaledHost.attach(
        workbench, script, name: row.script, mode: .run(.resume(name)),
        configure: { (options) throws(Problem) in
          options.directory = directory
          try JournaledHost.limits(context, &options)
        })
    else { throw Problem("the plan's script cannot be read any more", exit: .refused) }
    do throws(RuntimeError) {
      try attached.run.applyPlan()
      return JournaledHost.end(.success(.null), attached, context)
    } catch {
      return JournaledHost.end(.failure(error), attached, context)
    }
  }

  /// Takes a plan's file into the folder of runs, under its own id.
  private func adopt(_ path: String, _ directory: StateDirectory) throws(Problem) -> String {
    do throws(JournalError) {
      let row = try JournalReader(path: path).run()
      guard RunID.isValid(row.id) else {
        throw JournalError.unreadable(path: path, reason: "it has no run's id")
      }
      let target = directory.journal(of: row.id)
      if access(target, F_OK) != 0 {
        try directory.prepare()
        try Journal(path: path).copy(to: target)
        chmod(target, 0o600)
      }
      return row.id
    } catch {
      throw Problem(
        "\(error)", hints: ["a plan is a run's id, or a file that `plan -o FILE` wrote"], exit: .usage)
    }
  }

  private func settle(_ context: CommandContext) throws(Problem) -> ExitCode {
    let words = context.arguments.operands
    guard words.count == 3, ["done", "not-done"].contains(words[2]), let id = EntryID(words[1]) else {
      throw UsageError.missingOperand(
        command: "settle", "RUN WRITE done or not-done, such as r-20260131-abcd 1.7.1 done"
      )
      .problem
    }
    let directory = try directory(context)
    do {
      let reader = try RunShelf(directory).reader(of: words[0])
      let changes = try RunCommands(reader).settle(id, isDone: words[2] == "done", now: Workbench.now())
      try Journal(path: directory.journal(of: words[0])).commit(changes)
      context.console.note("\(id) is \(words[2]). `parlance resume \(words[0])` goes on.")
      return .done
    } catch {
      throw Problem("\(error)", exit: .usage)
    }
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

  /// What a run is bound to.
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
