import Diagnostics
import Runs
import Terminal

/// `parlance help`, on a command or on a name of the language.
enum HelpCommand {
  static func overview(_ context: CommandContext) -> ExitCode {
    context.console.write(HelpText.overview())
    return .done
  }

  static func show(_ spec: CommandSpec, _ context: CommandContext) -> ExitCode {
    context.console.write(HelpText.command(spec))
    return .done
  }

  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    let words = context.arguments.operands
    guard !words.isEmpty else { return overview(context) }
    let topic = words.joined(separator: " ")
    if let spec = CommandTable.command(topic) { return show(spec, context) }
    if words.count == 1, !CommandTable.group(topic).isEmpty {
      context.console.write(HelpText.group(topic))
      return .done
    }
    let workbench = try context.workbench(namesOnly: true)
    defer {
      Signals.forget()
      workbench.close()
    }
    let width = TerminalDevice.standardOutput.columns(environment: context.environment)
    let help = LanguageHelp(workbench.engine, width: width)
    if let text = help.text(on: topic) {
      context.console.print(text)
      return .done
    }
    let known = CommandTable.names + help.topics
    throw Problem(
      "there is no help on `\(topic)`",
      hints: [
        Spelling.nearest(topic, in: known).map { "did you mean `\($0)`?" }
          ?? "`parlance help` lists the commands"
      ],
      exit: .usage)
  }
}
