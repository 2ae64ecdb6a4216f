import Diagnostics
import JSON
import Machine
import Runs

/// `parlance run FILE` and `parlance plan FILE`.
enum RunCommand {
  static func run(_ context: CommandContext, _ mode: RunJob.Mode) throws(Problem) -> ExitCode {
    let command = mode.rawValue
    guard let name = context.arguments.operands.first else {
      throw UsageError.missingOperand(command: command, "a file or the name of a runbook").problem
    }
    let source = try context.files.load(name)
    let isHelp = context.arguments.has("help")
    let workbench = try context.workbench(namesOnly: isHelp)
    defer {
      Signals.forget()
      workbench.close()
    }
    let script = workbench.prepare(source)
    guard script.isRunnable else {
      workbench.report(script)
      return .scriptError
    }
    if isHelp {
      context.console.write(HelpText.script(script, name: name, command: command))
      return .done
    }
    try checkOptions(context)
    let parameters = ScriptParameters(
      script: script.compiled, name: name, zone: workbench.engine.zoneOffset(local:))
    let given = try parameters.read(context.arguments.scriptWords, file: try parameterFile(context))
    try workbench.set(given)
    let job = RunJob(
      mode: mode, name: name, script: script, parameters: given, workbench: workbench, context: context)
    return try RunHosting.host.run(job)
  }

  /// Flags whose values can be judged without a script.
  static func checkOptions(_ context: CommandContext) throws(Problem) {
    for option in ["limit", "max-writes", "max-destroys"] {
      _ = try context.number(option, in: 0...1_000_000_000)
    }
    if let text = context.arguments.value("max-errors") {
      let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
      guard let number = Int(digits), number >= 0, !text.hasSuffix("%") || number <= 100 else {
        throw UsageError.badValue(option: "max-errors", text, wanted: "a number, or a share such as 5%")
          .problem
      }
    }
    if let text = context.arguments.value("max-age"), ParameterValue.milliseconds(text) == nil {
      throw UsageError.badValue(option: "max-age", text, wanted: "a duration, such as 2m").problem
    }
  }

  static func parameterFile(_ context: CommandContext) throws(Problem) -> JSONValue? {
    guard let path = context.arguments.value("params") else { return nil }
    let bytes = try ScriptFile.bytes(ofFile: path)
    do throws(JSONError) { return try JSONValue.parse(bytes) } catch {
      throw Problem("the file of --params cannot be read: \(error.message)", exit: .usage)
    }
  }
}
