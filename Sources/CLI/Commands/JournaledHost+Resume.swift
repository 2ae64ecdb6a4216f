import Diagnostics
import Glibc
import JSON
import Machine
import Runs

/// `resume`, `retry`, `apply`, `settle`: runs that lie there.
extension JournaledHost {
  func command(_ name: String, _ context: CommandContext) throws(Problem) -> ExitCode {
    switch name {
    case "resume": try resume(try context.operand("resume", "a run"), context)
    case "retry": try resume(try context.operand("retry", "a run"), context, retrying: true)
    case "apply": try apply(context)
    case "undo": try undo(context)
    case "settle": try settle(context)
    case "runs": try RunsCommand.run(context, try directory(context))
    default: throw UsageError.notThereYet(name).problem
    }
  }

  func directory(_ context: CommandContext) throws(Problem) -> StateDirectory {
    if let path = context.arguments.value("journal") { return StateDirectory(path: path) }
    guard let found = StateDirectory.find(in: context.environment) else {
      throw Problem(
        "there is nowhere that runs are kept", hints: ["set PARLANCE_STATE to a directory"], exit: .refused)
    }
    return found
  }

  /// The run's row; the workspace has to be the one it was begun on.
  func row(_ id: String, _ context: CommandContext, _ destination: Destination) throws(Problem) -> RunRow {
    let directory = try directory(context)
    let row: RunRow
    do throws(JournalError) { row = try RunShelf(directory).reader(of: id).run() } catch {
      throw Problem("\(error)", exit: .usage)
    }
    try JournaledHost.refuseRehearsal(row)
    guard destination.mayBe(row.account) else {
      throw Problem(
        "the run \(id) belongs to \(row.account), and this is \(destination.account)",
        hints: ["say where with --base-url, or with the token of that workspace"], exit: .refused)
    }
    return row
  }

  func resume(
    _ id: String, _ context: CommandContext, retrying: Bool = false, workbench given: Workbench? = nil
  ) throws(Problem) -> ExitCode {
    // What the run printed before is not printed again.
    let replay = Replay()
    let workbench: Workbench
    if let given {
      workbench = given
    } else {
      workbench = try context.workbench(output: { [console = context.console] line in
        if !(replay.run?.isReplaying ?? false) { console.print(line) }
      })
    }
    defer {
      if given == nil {
        Signals.forget()
        workbench.close()
      }
    }
    let row = try row(id, context, workbench.destination)
    if row.mode == "plan", row.state == .planned {
      throw Problem("\(id) is a plan", hints: ["`parlance apply \(id)` sends its writes"], exit: .usage)
    }
    workbench.serveModules(row.modules)
    let script = workbench.prepare(SourceText(name: row.script, text: row.program))
    guard script.isRunnable else {
      workbench.report(script)
      return .scriptError
    }
    var values = (try? JSONValue.parse(row.params))?.objectValue ?? JSONObject()
    if let signer = values[JournaledHost.signerKey]?.stringValue { workbench.signer = signer }
    values[JournaledHost.signerKey] = nil
    try workbench.set(
      try ScriptParameters(
        script: script.compiled, name: row.script, zone: workbench.engine.zoneOffset(local:)
      ).read([], file: .object(values)))
    let plans = context.arguments.has("plan")
    guard
      let attached = try JournaledHost.attach(
        workbench, script, name: row.script, mode: .run(.resume(id)),
        configure: { (options) throws(Problem) in
          options.params = row.params
          options.caps = row.caps
          try JournaledHost.limits(context, &options)
          options.directory = try directory(context)
          options.plansOnly = plans
        })
    else { return .done }
    workbench.engine.fixedNow = row.now
    replay.run = attached.run
    do throws(RuntimeError) {
      if retrying { try attached.run.prepareRetry() }
      if row.mode == "undo" {
        try attached.run.applyPlan()
        return JournaledHost.end(.success(.null), attached, context)
      }
      try attached.run.prepareResume()
    } catch {
      return JournaledHost.end(.failure(error), attached, context)
    }
    return JournaledHost.end(workbench.run(script), attached, context)
  }

  private final class Replay {
    var run: ScriptRun?
  }

  // MARK: apply

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
    let row = try row(name, context, workbench.destination)
    if row.mode == "plan" || row.mode == "run", row.state != .planned, row.state != .done {
      // It was begun: what is left of it.
      return try resumePlan(row, context, workbench, directory)
    }
    guard row.state == .planned else {
      throw Problem("\(name) is no plan that waits: it is \(row.state.rawValue)", exit: .refused)
    }
    let age = Workbench.now() - row.startedAt
    guard age < 86_400_000 else {
      throw Problem(
        "the plan is \(age / 3_600_000) hours old, and after 24 it is not applied any more",
        hints: ["make a new one: `parlance plan \(row.script)`"], exit: .refused)
    }
    guard row.catalogueHash.isEmpty || row.catalogueHash == Tool.declarationsHash else {
      throw Problem(
        "the plan was made by another version of parlance, whose operations differ",
        hints: ["make a new one: `parlance plan \(row.script)`"], exit: .refused)
    }
    return try resumePlan(row, context, workbench, directory)
  }

  private func resumePlan(
    _ row: RunRow, _ context: CommandContext, _ workbench: Workbench, _ directory: StateDirectory
  ) throws(Problem) -> ExitCode {
    // The API's names open the workspace.
    workbench.serveModules(row.modules)
    let script = workbench.prepare(SourceText(name: row.script, text: row.program))
    guard script.isRunnable,
      let attached = try JournaledHost.attach(
        workbench, script, name: row.script, mode: .run(.resume(row.id)),
        configure: { (options) throws(Problem) in
          options.caps = row.caps
          try JournaledHost.limits(context, &options)
          options.directory = directory
          options.interrupted = { workbench.takeInterrupt() }
        })
    else { throw Problem("the plan's script cannot be read any more", exit: .refused) }
    do throws(RuntimeError) {
      try attached.run.applyPlan()
      guard try attached.run.isWhole() else {
        let over = try attached.run.planIsOver()
        return JournaledHost.end(.failure(over), attached, context)
      }
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

  // MARK: settle

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
      try JournaledHost.refuseRehearsal(try reader.run())
      let changes = try RunCommands(reader).settle(id, isDone: words[2] == "done", now: Workbench.now())
      try Journal(path: directory.journal(of: words[0])).commit(changes)
      context.console.note("\(id) is \(words[2]). `parlance resume \(words[0])` goes on.")
      return .done
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem("\(error)", exit: .usage)
    }
  }
}
