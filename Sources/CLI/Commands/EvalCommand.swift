import Diagnostics
import Machine
import Runs
import Syntax

/// `parlance eval 'EXPR'`, and a script from a pipe: prints the value of the last expression.
enum EvalCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    let text = try context.operand("eval", "an expression")
    return try run(SourceText(name: "<eval>", text: text), context)
  }

  static func run(_ source: SourceText, _ context: CommandContext) throws(Problem) -> ExitCode {
    let workbench = try context.workbench()
    defer {
      Signals.forget()
      workbench.close()
    }
    let script = workbench.prepare(source)
    guard script.isRunnable else {
      workbench.report(script)
      return .scriptError
    }
    if let parameter = script.compiled.parameters.first(where: { !$0.hasDefault }) {
      throw Problem(
        "the parameter `\(parameter.name)` has no value here",
        hints: ["save the script and use `parlance run FILE --\(parameter.name) …`"], exit: .usage)
    }
    let run = try JournaledHost.attach(workbench, script, name: source.name, mode: .unasked)
    defer { run?.close() }
    switch workbench.run(script) {
    case .failure(let error): return context.report.show(error)
    case .success(let value):
      guard script.compiled.hasValue, !(value.isNull && OutputStage.ends(script.syntax)) else { return .done }
      return show(value, workbench, context)
    }
  }

  private static func show(_ value: Value, _ workbench: Workbench, _ context: CommandContext) -> ExitCode {
    let printer = ValueOutput(workbench)
    do throws(RuntimeError) {
      if context.arguments.has("json") {
        try printer.json(value) { context.console.print($0) }
      } else {
        try printer.lines(value) { context.console.print($0) }
      }
      return .done
    } catch {
      return context.report.show(error)
    }
  }
}
