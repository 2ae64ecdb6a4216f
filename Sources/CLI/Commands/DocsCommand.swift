import Engine
import Runs

/// `parlance docs FILE`: what a script is for and what it can do, as Markdown.
enum DocsCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    if context.arguments.has("stdlib") { return try stdlib(context) }
    let name = try context.operand("docs", "a file or the name of a runbook")
    let source = try context.files.load(name)
    let workbench = try context.workbench(namesOnly: true)
    defer {
      Signals.forget()
      workbench.close()
    }
    let script = workbench.prepare(source)
    guard script.isRunnable else {
      workbench.report(script)
      return .scriptError
    }
    var lines = ["# \(name)", ""]
    if let about = script.syntax.documentation { lines += [about, ""] }
    if !script.compiled.parameters.isEmpty {
      lines += ["## Parameters", "", "| parameter | type | default | |", "|---|---|---|---|"]
      for parameter in script.compiled.parameters {
        let cells = [
          "`--\(parameter.name)`", "`\(parameter.type.text)`",
          parameter.defaultText.map { "`\($0)`" } ?? "needed",
          parameter.documentation ?? "",
        ]
        lines.append("| " + cells.map { $0.escapedForTable }.joined(separator: " | ") + " |")
      }
      lines.append("")
    }
    lines += functions(script)
    lines += ["## What it can do", ""]
    for (effect, title) in [
      ("read", "Reads"), ("write", "Writes"), ("outward", "Customers see"), ("destroy", "Cannot be undone"),
    ] {
      let names = script.operations(effect)
      if !names.isEmpty { lines.append("- \(title): " + names.map { "`\($0)`" }.joined(separator: ", ")) }
    }
    if script.compiled.effects.isEmpty { lines.append("It does not reach the API.") }
    if !script.compiled.tests.isEmpty {
      lines += ["", "## Tests", ""]
      lines += script.compiled.tests.map { "- \($0.title)" }
    }
    for line in lines { context.console.print(line) }
    return .done
  }

  /// What a module is used for: its functions that say what they do.
  private static func functions(_ script: PreparedScript) -> [String] {
    var lines: [String] = []
    for case .statement(let statement) in script.syntax.declarations {
      guard case .function(let function) = statement.kind, let about = statement.documentation else {
        continue
      }
      let parameters = function.parameters.map { parameter in
        parameter.name.text + (parameter.defaultValue.map { ": " + script.source.text(in: $0.range) } ?? "")
      }
      lines += ["### `\(function.name.text)(\(parameters.joined(separator: ", ")))`", "", about, ""]
    }
    return lines.isEmpty ? [] : ["## Functions", ""] + lines
  }

  private static func stdlib(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("docs --stdlib")
    let page = StdlibPage(Engine())
    if let stray = page.strays.first {
      throw Problem("the page has no section for `\(stray)`, or it is no function", exit: .scriptError)
    }
    for line in page.lines { context.console.print(line) }
    return .done
  }
}

extension String {
  fileprivate var escapedForTable: String {
    reduce(into: "") { text, character in
      if character == "|" {
        text += "\\|"
      } else if character == "\n" {
        text += " "
      } else {
        text.append(character)
      }
    }
  }
}
