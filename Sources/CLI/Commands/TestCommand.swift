import Compiler
import Diagnostics
import JSON
import Machine
import Runs

/// `parlance test FILE…`: each `test` block in a fresh sandbox. What its comment says comes first (`TestSetup`);
/// then the script runs from its top, with its writes, and then the block.
enum TestCommand {
  private struct Outcome {
    var file: String
    var title: String
    /// The error, rendered; nil for a test that passed.
    var failure: String?
  }

  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    guard !context.arguments.operands.isEmpty else {
      throw UsageError.missingOperand(command: "test", "a file").problem
    }
    for option in ["workspace", "base-url"] where context.arguments.has(option) {
      throw Problem("tests run in sandboxes of their own: `--\(option)` says nothing here", exit: .usage)
    }
    var outcomes: [Outcome] = []
    let filter = context.arguments.value("filter") ?? ""
    var isBroken = false
    for name in context.arguments.operands {
      let source = try context.files.load(name)
      let titles = try titles(source, context)
      guard let titles else {
        isBroken = true
        continue
      }
      for (number, title) in titles.enumerated() where filter.isEmpty || title.contains(filter) {
        outcomes.append(Outcome(file: name, title: title, failure: try run(number, source, context)))
        if Signals.first != nil { return .interrupted }
        if !context.arguments.has("json"), let last = outcomes.last { show(last, context) }
      }
    }
    let failed = outcomes.count { $0.failure != nil }
    if context.arguments.has("json") {
      context.console.print(json(outcomes))
    } else {
      context.console.print("\(outcomes.count - failed) passed, \(failed) failed")
      if outcomes.isEmpty, !isBroken {
        context.console.note(filter.isEmpty ? "There are no tests." : "No test's name contains `\(filter)`.")
      }
    }
    return failed > 0 || isBroken ? .scriptError : .done
  }

  /// The names of a file's tests; nil where it does not compile.
  private static func titles(_ source: SourceText, _ context: CommandContext) throws(Problem) -> [String]? {
    let workbench = try context.workbench(namesOnly: true)
    defer { end(workbench) }
    let script = workbench.prepare(source)
    guard script.isRunnable else {
      workbench.report(script)
      return nil
    }
    return script.compiled.tests.map(\.title)
  }

  private static func run(_ number: Int, _ source: SourceText, _ context: CommandContext) throws(Problem)
    -> String?
  {
    var fresh = context
    fresh.arguments.options["sandbox"] = context.arguments.options["sandbox"] ?? ["demo"]
    // What the script prints is no part of the report.
    let workbench = try fresh.workbench(output: { _ in })
    defer { end(workbench) }
    var script = workbench.prepare(source)
    guard script.isRunnable, script.compiled.tests.indices.contains(number) else {
      return "it does not compile"
    }
    let test = script.compiled.tests[number]
    var setup = TestSetup(test.documentation)
    let report = Report(context.console)
    let run = try JournaledHost.attach(workbench, script, name: source.name, mode: .unasked, always: true)
    defer { run?.close() }
    if !setup.first.isEmpty {
      if let failure = try prepare(setup, workbench, report) { return failure }
      try setup.fill { (text) throws(Problem) in try workbench.filled(text) }
      // The script is not to see what was named for the test; its own values stand behind those.
      workbench.engine.forgetNames()
      script = workbench.prepare(source)
    }
    let folder = try setup.writeFiles(context.environment)
    defer { folder.map(TestSetup.remove) }
    for file in setup.files { workbench.grant("\(folder ?? "")/\(file.name)") }
    do throws(Problem) {
      let parameters = ScriptParameters(
        script: script.compiled, name: source.name, zone: workbench.engine.zoneOffset(local:))
      try workbench.set(try parameters.read(setup.words(in: folder)))
    } catch {
      return "\(error.message); a line `## Given: --name value` above the test gives parameters"
    }
    if case .failure(let error) = workbench.run(script) { return report.text(error) }
    guard let function = workbench.engine.loadedFunctions[test.function] else {
      return "the test was not found"
    }
    do throws(RuntimeError) {
      let fiber = try workbench.engine.machine.start(function, [])
      if case .failed(let error) = workbench.engine.drive(fiber) { return report.text(error) }
      return nil
    } catch {
      return report.text(error)
    }
  }

  /// Runs the statements that come before the script; the failure, rendered.
  private static func prepare(
    _ setup: TestSetup, _ workbench: Workbench, _ report: Report
  ) throws(Problem) -> String? {
    let script = workbench.prepare(SourceText(name: "<first>", text: setup.first), keepsGlobals: true)
    guard script.isRunnable else {
      return script.diagnostics.map { "First: \($0.message)" }.joined(separator: "\n")
    }
    if case .failure(let error) = workbench.run(script) { return report.text(error) }
    return nil
  }

  private static func end(_ workbench: Workbench) {
    Signals.forget()
    workbench.close()
  }

  private static func show(_ outcome: Outcome, _ context: CommandContext) {
    context.console.print(
      "\(outcome.failure == nil ? "passed" : "failed")  \(outcome.file): \(outcome.title)")
    if let failure = outcome.failure { context.console.complain(failure) }
  }

  private static func json(_ outcomes: [Outcome]) -> String {
    JSONValue.array(
      outcomes.map { outcome in
        .object(
          JSONObject([
            ("file", .string(outcome.file)), ("test", .string(outcome.title)),
            ("passed", .bool(outcome.failure == nil)),
            ("failure", outcome.failure.map { .string($0) } ?? .null),
          ]))
      }
    ).text(indentation: 2)
  }
}
