import Diagnostics
import Runs
import Syntax

/// `parlance fmt FILE…`: writes scripts in the canonical style; `-` goes from stdin to stdout.
enum FormatCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    guard !context.arguments.operands.isEmpty else {
      throw UsageError.missingOperand(command: "fmt", "a file").problem
    }
    let onlyChecks = context.arguments.has("check")
    var code = ExitCode.done
    for name in context.arguments.operands {
      let source = name == "-" ? try context.files.load(name) : try ScriptFile.read(name)
      let parsed = Parser.parse(source)
      guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else {
        context.report.show(parsed.diagnostics, in: source)
        code = .scriptError
        continue
      }
      let text = Formatter.format(source)
      let isSame = Array(text.utf8) == source.bytes
      if name == "-", !onlyChecks {
        context.console.write(text)
      } else if !isSame {
        // The names are data: what changed, or would.
        context.console.print(name)
        if onlyChecks { code = .scriptError } else { try ScriptFile.write(Array(text.utf8), to: name) }
      }
    }
    return code
  }
}
