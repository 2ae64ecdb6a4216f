import JSON
import Runs
import Syntax

/// `parlance runbooks`: what there is to run by name.
enum RunbooksCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("runbooks")
    let runbooks = context.files.runbooks().map { runbook in
      (runbook, runbook.source.flatMap { Parser.parse($0).script.documentation } ?? "")
    }
    if context.arguments.has("json") {
      let rows = runbooks.map { runbook, about in
        JSONValue.object(
          JSONObject([
            ("name", .string(runbook.name)), ("about", .string(about)),
            ("file", runbook.path.map { .string($0) } ?? .null),
          ]))
      }
      context.console.print(JSONValue.array(rows).text(indentation: 2))
      return .done
    }
    let width = runbooks.map { $0.0.name.count }.max() ?? 0
    for (runbook, about) in runbooks {
      let title = about.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
      let place = runbook.path.map { "  (\($0))" } ?? ""
      let padding = String(repeating: " ", count: width - runbook.name.count)
      context.console.print("\(runbook.name)\(padding)  \(title)\(place)")
    }
    if runbooks.isEmpty { context.console.note("There are no runbooks.") }
    context.console.note(
      "`parlance run NAME --help` shows a runbook's parameters; `parlance plan NAME` what it would do.")
    return .done
  }
}
