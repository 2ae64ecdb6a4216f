import Diagnostics
import Glibc
import HTTP
import Machine
import Runs
import Sandbox

/// `parlance rehearse FILE`: a script runs for good on a copy of the workspace, which itself is only read.
enum RehearseCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    guard let name = context.arguments.operands.first else {
      throw UsageError.missingOperand(command: "rehearse", "a file or the name of a runbook").problem
    }
    let source = try context.files.load(name)
    // The script's own mistakes come before the first request.
    let names = try context.workbench(namesOnly: true)
    defer {
      Signals.forget()
      names.close()
    }
    let script = names.prepare(source)
    guard script.isRunnable else {
      names.report(script)
      return .scriptError
    }
    if context.arguments.has("help") {
      context.console.write(HelpText.script(script, name: name, command: "rehearse"))
      return .done
    }
    try RunCommand.checkOptions(context)
    let extent = CopyExtent(reaching: script.compiled.effects.map(\.operation))
    let copy = try WorkspaceCopy(context, extent, unless: { names.takeInterrupt() })
    defer { copy.close() }
    return try rehearse(source, name, on: copy, extent, context)
  }

  private static func rehearse(
    _ source: SourceText, _ name: String, on copy: WorkspaceCopy, _ extent: CopyExtent,
    _ context: CommandContext
  ) throws(Problem) -> ExitCode {
    let workbench = try copy.workbench(context)
    defer { workbench.close() }
    let script = workbench.prepare(source)
    guard script.isRunnable else {
      workbench.report(script)
      return .scriptError
    }
    let parameters = ScriptParameters(
      script: script.compiled, name: name, zone: workbench.engine.zoneOffset(local:))
    let given = try parameters.read(
      context.arguments.scriptWords, file: try RunCommand.parameterFile(context))
    try workbench.set(given)
    let job = RunJob(
      mode: .rehearse, name: name, script: script, parameters: given, workbench: workbench, context: context)
    let (code, account) = try JournaledHost().rehearse(job, copyOf: copy.account)
    let requests = workbench.client?.statistics.attempts ?? 0
    for line in lines(copy, extent, account, requests: requests) { context.console.note(line) }
    return code
  }

  /// What was written where, and what that does not tell.
  private static func lines(
    _ copy: WorkspaceCopy, _ extent: CopyExtent, _ account: RunReport?, requests: Int
  ) -> [String] {
    var lines: [String] = []
    let writes = account?.writes ?? []
    for write in writes { lines.append("  \(write.operation)  \(write.done)") }
    lines.append(copy.whatStaysTrue)
    if let minutes = copy.minutes(for: requests) {
      lines.append(
        "The \(requests) requests of this script take about \(minutes) there, \(copy.limitText).")
    }
    var unknown: [String] = []
    if copy.isPulled {
      unknown = extent.missing.map { "\($0) (the script asks for them, and the copy has none)" }
      unknown += ["companies with nobody in them"]
    }
    unknown += [
      "what others change meanwhile", "what workflows and rules do after a write", "the ids of new records",
    ]
    lines.append("The copy cannot know: \(unknown.joined(separator: "; ")).")
    if let path = copy.kept {
      lines.append("The copy, as it was left: `parlance sandbox serve --data \(path)`.")
    }
    return lines
  }
}
