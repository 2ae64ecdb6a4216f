import Diagnostics
import Glibc
import REPL
import Runs

/// `parlance` alone: the REPL on a terminal; otherwise the input is one script.
enum ShellCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    guard InputPolicy.current != .script else { return try pipe(context) }
    return try shell(context)
  }

  private static func pipe(_ context: CommandContext) throws(Problem) -> ExitCode {
    let bytes = try ScriptFile.bytes(of: STDIN_FILENO, name: "<stdin>")
    return try EvalCommand.run(try ScriptFile.source("<stdin>", bytes), context)
  }

  private static func shell(_ context: CommandContext) throws(Problem) -> ExitCode {
    let output = TerminalOutput()
    let collected = CollectedOutput(output)
    let workbench = try context.workbench(output: { collected.line($0) })
    // The shell has its own ways with signals.
    Signals.forget()
    defer { workbench.close() }
    let session = EngineSession(workbench, output: output, collected: collected)
    workbench.hasSaidWhere = true
    context.console.note(session.greeting)
    workbench.prepareSandbox()
    do {
      try Shell(session: session, output: output, policy: policy(context)).run()
    } catch {
      throw Problem("the REPL cannot start: the process has no file descriptors left", exit: .usage)
    }
    return .done
  }

  private static func policy(_ context: CommandContext) -> InputPolicy {
    if case .editing = InputPolicy.current, context.arguments.has("no-color") {
      return .editing(colour: false)
    }
    return .current
  }
}
