import Diagnostics
import Machine
import Runs

/// `undo RUN`: the inverse writes, as a run of their own.
extension JournaledHost {
  func undo(_ context: CommandContext) throws(Problem) -> ExitCode {
    let id = try context.operand("undo", "a run")
    let directory = try directory(context)
    let workbench = try context.workbench()
    defer {
      Signals.forget()
      workbench.close()
    }
    let row = try row(id, context, workbench.destination)
    workbench.serveModules(row.modules)
    let script = workbench.prepare(SourceText(name: row.script, text: row.program))
    guard
      let attached = try JournaledHost.attach(
        workbench, script, name: "undo \(id)", mode: .run(.ask),
        configure: { (options) throws(Problem) in
          options.program = row.program
          options.params = row.params
          try JournaledHost.limits(context, &options)
          options.directory = directory
          options.interrupted = { workbench.takeInterrupt() }
        })
    else { throw Problem("the run's script cannot be read any more", exit: .refused) }
    let run = attached.run
    let undo: Undo
    do {
      undo = try run.undo(
        of: try RunShelf(directory).reader(of: id), onlyCreated: context.arguments.has("created"))
    } catch let error as RuntimeError {
      return JournaledHost.end(.failure(error), attached, context)
    } catch {
      throw Problem("\(error)", exit: .usage)
    }
    context.console.note(undo.text(of: id))
    guard undo.writes > 0 else {
      attached.close(.done)
      return undo.unknown.isEmpty ? .done : .unknown
    }
    if !context.arguments.has("apply") {
      let question = "Take back \(undo.writes == 1 ? "this write" : "these \(undo.writes) writes")?"
      guard let yes = run.approve(question, grave: undo.destroys > 0) else {
        throw Problem(
          "nothing was undone: there is no terminal to ask on", hints: ["`--apply` says yes in advance"],
          exit: .refused)
      }
      guard yes else { throw Problem("nothing was undone: you said no", exit: .refused) }
    }
    do throws(RuntimeError) {
      try run.begin(undo)
      try run.applyPlan()
      return JournaledHost.end(.success(.null), attached, context)
    } catch {
      return JournaledHost.end(.failure(error), attached, context)
    }
  }
}
