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
    let parameters = ScriptParameters(script: script.compiled, name: name)
    let given = try parameters.read(context.arguments.scriptWords, file: try parameterFile(context))
    try workbench.set(given)
    let job = RunJob(
      mode: mode, name: name, script: script, parameters: given, workbench: workbench, context: context)
    if let host = RunHosting.host, mode == .plan || !script.writes.isEmpty { return try host.run(job) }
    if mode == .plan { throw UsageError.notThereYet("plan").problem }
    return try plain(job)
  }

  /// Without a host: scripts that only read, and writes to a workspace that ends with the process.
  private static func plain(_ job: RunJob) throws(Problem) -> ExitCode {
    let context = job.context
    if !job.script.writes.isEmpty {
      guard context.arguments.has("apply") else {
        let names = job.script.writes.map { "\($0.operation) (\($0.effect.rawValue))" }
        throw Problem(
          "\(job.name) can write, and nobody has allowed it to",
          hints: ["it can call " + names.joined(separator: ", "), "`--apply` lets it write"], exit: .refused)
      }
      guard job.workbench.destination.isEphemeral else {
        throw Problem(
          "journaled runs are not there yet, and without a journal nothing is written",
          hints: ["`--sandbox` runs it in a sandbox of its own"], exit: .refused)
      }
      job.workbench.openGate()
    }
    switch job.workbench.run(job.script) {
    case .success: return .done
    case .failure(let error): return context.report.show(error)
    }
  }

  /// Flags whose values can be judged without a script.
  private static func checkOptions(_ context: CommandContext) throws(Problem) {
    for option in ["limit", "max-writes", "max-destroys"] { _ = try context.number(option, in: 0...1_000_000_000) }
    if let text = context.arguments.value("max-errors") {
      let digits = text.hasSuffix("%") ? String(text.dropLast()) : text
      guard let number = Int(digits), number >= 0, !text.hasSuffix("%") || number <= 100 else {
        throw UsageError.badValue(option: "max-errors", text, wanted: "a number, or a share such as 5%").problem
      }
    }
    if let text = context.arguments.value("max-age"), ParameterValue.milliseconds(text) == nil {
      throw UsageError.badValue(option: "max-age", text, wanted: "a duration, such as 2m").problem
    }
  }

  private static func parameterFile(_ context: CommandContext) throws(Problem) -> JSONValue? {
    guard let path = context.arguments.value("params") else { return nil }
    let bytes = try ScriptFile.bytes(ofFile: path)
    do throws(JSONError) { return try JSONValue.parse(bytes) } catch {
      throw Problem("the file of --params cannot be read: \(error.message)", exit: .usage)
    }
  }
}
