import Diagnostics
import Glibc
import JSON
import Machine
import Runs

/// `run` and `plan`.
extension JournaledHost {
  /// `--as` among a run's parameters: no parameter can be called so.
  static let signerKey = "--as"

  func run(_ job: RunJob) throws(Problem) -> ExitCode {
    let context = job.context
    if job.mode == .plan { return try plan(job) }
    if job.mode == .rehearse { return try rehearse(job, copyOf: job.workbench.destination.account).0 }
    if let key = context.arguments.value("key"), let code = try goOn(key, job) { return code }
    if context.arguments.has("apply") || job.script.writes.isEmpty { return try apply(job) }
    return try planAskApply(job)
  }

  private func options(_ job: RunJob, _ options: inout RunOptions) throws(Problem) {
    var parameters = job.parameters.reduce(into: JSONObject()) { $0[$1.parameter.name] = .string($1.text) }
    // A run that goes on is signed by whoever signed it.
    if let signer = job.workbench.signer { parameters[JournaledHost.signerKey] = .string(signer) }
    options.params = JSONValue.object(parameters).text()
    options.key = job.context.arguments.value("key")
    try JournaledHost.limits(job.context, &options)
  }

  func attach(
    _ job: RunJob, _ mode: RunOptions.Mode, _ change: (inout RunOptions) -> Void = { _ in }
  ) throws(Problem) -> AttachedRun? {
    try JournaledHost.attach(job.workbench, job.script, name: job.name, mode: .run(mode)) {
      (options) throws(Problem) in
      try self.options(job, &options)
      change(&options)
    }
  }

  /// Writes without a question.
  private func apply(_ job: RunJob) throws(Problem) -> ExitCode {
    guard let attached = try attach(job, .apply) else {
      return JournaledHost.end(job.workbench.run(job.script), nil, job.context)
    }
    if !job.script.writes.isEmpty { try checkUnfinished(attached.run, job) }
    return JournaledHost.end(job.workbench.run(job.script), attached, job.context)
  }

  // MARK: plan, ask, apply

  /// The script runs twice: once to be shown, and once held to what was shown.
  private func planAskApply(_ job: RunJob) throws(Problem) -> ExitCode {
    let context = job.context
    guard let first = try attach(job, .plan, { $0.isFirstPass = true }) else {
      return JournaledHost.end(job.workbench.run(job.script), nil, context)
    }
    try checkUnfinished(first.run, job)
    let outcome = job.workbench.run(job.script)
    var goesBeyond = false
    if case .failure(let error) = outcome {
      goesBeyond = error.code == ScriptRun.endOfPlan
      if !goesBeyond {
        let code = JournaledHost.end(outcome, first, context)
        discard(first)
        return code
      }
    }
    first.close(.done)
    let plans = first.run.plans
    let writes = plans.reduce(0) { $0 + $1.facts.writes }
    guard let id = first.run.runID, writes > 0 || plans.contains(where: { !$0.facts.isComplete }) else {
      discard(first)
      if !goesBeyond { return .done }
      return try apply(job)
    }
    for (step, facts) in plans where facts.writes > 0 || !facts.isComplete {
      context.console.note(facts.text(step: step, perMinute: first.run.perMinute))
    }
    if goesBeyond { context.console.note("  what comes after is planned and asked about when it is reached") }
    do throws(Problem) { try ask(first, plans, writes, context) } catch {
      discard(first)
      throw error
    }
    let approved = Dictionary(plans.map { ($0.step.no, $0.facts) }) { $1 }
    let lines = first.run.printed
    guard
      let second = try attach(
        job, .resume(id),
        {
          $0.asks = true
          $0.approved = approved
          $0.skipsLines = lines
        })
    else { return .done }
    job.workbench.engine.fixedNow = job.workbench.engine.now
    do throws(RuntimeError) { try second.run.prepareResume() } catch {
      return JournaledHost.end(.failure(error), second, context)
    }
    return JournaledHost.end(job.workbench.run(job.script), second, context)
  }

  /// Throws what keeps the plan from being applied.
  private func ask(
    _ attached: AttachedRun, _ plans: [(step: StepRow, facts: PlanFacts)], _ writes: Int,
    _ context: CommandContext
  ) throws(Problem) {
    let run = attached.run
    if run.options.protection == .readOnly {
      throw Problem(
        "this workspace is read-only here", hints: ["the workspace's profile says so"], exit: .refused)
    }
    if run.options.protection == .open, run.options.isLive,
      !plans.contains(where: { !$0.facts.grave.isEmpty })
    {
      return
    }
    let isGrave = plans.contains { !$0.facts.grave.isEmpty }
    let question = "Apply \(writes == 1 ? "this write" : "these \(writes) writes")?"
    guard let yes = run.approve(question, grave: isGrave) else {
      throw Problem(
        "nothing was written: there is no terminal to ask on",
        hints: ["`--apply` says yes in advance; `parlance plan` keeps a plan for `parlance apply`"],
        exit: .refused)
    }
    if !yes { throw Problem("nothing was written: you said no", exit: .refused) }
  }

  private func discard(_ attached: AttachedRun) {
    guard let directory = attached.run.options.directory, let id = attached.run.runID else { return }
    RunShelf(directory).discard(id)
  }

  // MARK: Keys, and runs that lie there

  /// The run of the key, if there is one: gone on with, or its account told.
  private func goOn(_ key: String, _ job: RunJob) throws(Problem) -> ExitCode? {
    guard let attached = try attach(job, .apply), let directory = attached.run.options.directory else {
      return nil
    }
    let entry: RunShelf.Entry?
    do {
      if attached.run.options.isLive { try attached.run.identify() }
      entry = try RunShelf(directory).run(key: key, workspace: attached.run.workspace)
    } catch {
      throw Problem("\(error)", exit: .refused)
    }
    attached.run.finish(.done)
    guard let entry else { return nil }
    if entry.state == .done {
      do throws(JournalError) {
        let report = try RunReport(RunShelf(directory).reader(of: entry.run.id))
        job.context.console.print(report.text)
        job.context.console.note("the run of the key `\(key)` has ended: this is its account")
      } catch {
        throw Problem("\(error)", exit: .refused)
      }
      return entry.run.exit ?? .done
    }
    if entry.state == .running || entry.state == .draining {
      throw Problem(
        "the run of the key `\(key)` is at work: \(entry.run.id)",
        hints: ["`parlance runs show \(entry.run.id)` says how far it is"], exit: .refused)
    }
    job.context.console.note("going on with \(entry.run.id), the run of the key `\(key)`")
    return try resume(entry.run.id, job.context, workbench: job.workbench)
  }

  /// A script with an unfinished run is not begun a second time by mistake.
  private func checkUnfinished(_ run: ScriptRun, _ job: RunJob) throws(Problem) {
    guard !job.context.arguments.has("new"), !job.workbench.destination.isEphemeral,
      let directory = run.options.directory
    else { return }
    let found: RunShelf.Entry?
    do {
      if run.options.isLive { try run.identify() }
      found = try RunShelf(directory).unfinished(
        script: run.options.script, programHash: run.options.programHash, params: run.options.params,
        workspace: run.workspace)
    } catch {
      // What cannot be read is said when the journal is made.
      return
    }
    guard let id = found?.run.id else { return }
    throw Problem(
      "an unfinished run of this script with these parameters lies there: \(id)",
      hints: ["`parlance resume \(id)` goes on with it", "`--new` starts another one"], exit: .refused)
  }

  // MARK: plan

  private func plan(_ job: RunJob) throws(Problem) -> ExitCode {
    let context = job.context
    guard let attached = try attach(job, .plan) else {
      return JournaledHost.end(job.workbench.run(job.script), nil, context)
    }
    let result = job.workbench.run(job.script)
    for (step, facts) in attached.run.plans {
      context.console.note(facts.text(step: step, perMinute: attached.run.perMinute))
    }
    let code = JournaledHost.end(result, attached, context)
    guard code == .done else {
      discard(attached)
      return code
    }
    return try tellPlan(attached, context)
  }

  private func tellPlan(_ attached: AttachedRun, _ context: CommandContext) throws(Problem) -> ExitCode {
    let run = attached.run
    let writes = run.plans.reduce(0) { $0 + $1.facts.writes }
    guard let id = run.runID, let directory = run.options.directory else {
      context.console.note("nothing to write")
      return .done
    }
    let count = "\(writes) \(writes == 1 ? "write" : "writes") planned, none sent."
    guard let path = context.arguments.value("output") else {
      context.console.note(
        run.options.account.hasPrefix("sandbox:")
          ? "\(count) This sandbox ends here: `parlance sandbox serve` keeps one, for --base-url."
          : "\(count) `parlance apply \(id)` sends them.")
      return .done
    }
    do throws(JournalError) {
      unlink(path)
      try Journal(path: directory.journal(of: id)).copy(to: path)
      chmod(path, 0o600)
    } catch {
      throw Problem("the plan cannot be written to \(path): \(error)", exit: .refused)
    }
    context.console.note("\(count) `parlance apply \(path)` sends them.")
    return .done
  }
}
