import Glibc
import Runs
import Terminal

/// `parlance runs`: what was run, how it stands, and words to a run that goes on.
enum RunsCommand {
  static func run(_ context: CommandContext, _ directory: StateDirectory) throws(Problem) -> ExitCode {
    let words = context.arguments.operands
    guard let action = words.first else { return try list(context, directory) }
    switch action {
    case "show", "report":
      guard words.count == 2 else {
        throw UsageError.missingOperand(command: "runs \(action)", "a run").problem
      }
      do {
        let report = try RunReport(try RunShelf(directory).reader(of: words[1]))
        try tell(
          action == "show" ? report.text : context.arguments.has("html") ? report.html : report.markdown,
          context)
        return .done
      } catch {
        throw Problem("\(error)", exit: .usage)
      }
    case "control":
      guard words.count >= 3, let command = command(Array(words[2...])) else {
        throw UsageError.missingOperand(command: "runs control", "RUN and pause, resume, stop or rate N")
          .problem
      }
      do throws(JournalError) {
        _ = try RunShelf(directory).reader(of: words[1])
        try ControlFile(run: words[1], in: directory).write(command)
        context.console.note("told \(words[1])")
        return .done
      } catch {
        throw Problem("\(error)", exit: .usage)
      }
    case "prune":
      do throws(JournalError) {
        let text = context.arguments.value("older") ?? "90d"
        guard let age = ParameterValue.milliseconds(text) else {
          throw JournalError.unreadable(path: text, reason: "--older takes a duration, such as 90d")
        }
        let removes = context.arguments.has("all")
        let pruned = try RunShelf(directory).prune(endedBefore: Workbench.now() - age, removes: removes)
        let runs = pruned.count == 1 ? "1 run" : "\(pruned.count) runs"
        context.console.note(
          removes ? "\(runs) removed" : "\(runs) cut down to counts: what ended more than \(text) ago")
        return .done
      } catch {
        throw Problem("\(error)", exit: .refused)
      }
    default:
      throw Problem(
        "there is no `runs \(action)`", hints: ["show RUN, report RUN, control RUN ACTION, prune"],
        exit: .usage)
    }
  }

  private static func tell(_ text: String, _ context: CommandContext) throws(Problem) {
    guard let path = context.arguments.value("output") else { return context.console.print(text) }
    try ScriptFile.write(Array(text.utf8), to: path)
    context.console.note("written to \(path)")
  }

  private static func command(_ words: [String]) -> ControlCommand? {
    switch words.first {
    case "pause": .pause
    case "resume": .resume
    case "stop": .stop
    case "rate": words.count == 2 ? Int(words[1]).map { .rate($0) } : nil
    default: nil
    }
  }

  private static func list(_ context: CommandContext, _ directory: StateDirectory) throws(Problem) -> ExitCode
  {
    do throws(JournalError) {
      let (runs, damaged) = try RunShelf(directory).entries()
      if runs.isEmpty { context.console.note("no runs in \(directory.path)") }
      if !runs.isEmpty {
        let width = TerminalDevice.standardOutput.columns(environment: context.environment)
        let layout = TableLayout(
          columns: [
            .init("run"), .init("state"), .init("items", alignment: .right),
            .init("failed", alignment: .right), .init("script"), .init("workspace"),
          ],
          width: width)
        let rows = runs.map {
          [
            $0.run.id, $0.state.rawValue, String($0.tally.total), String($0.tally.failures), $0.run.script,
            $0.run.account,
          ]
        }
        for line in layout.table(rows).lines { context.console.print(line) }
      }
      for (id, why) in damaged { context.console.complain("\(id): \(why)") }
      return .done
    } catch {
      throw Problem("\(error)", exit: .refused)
    }
  }
}
