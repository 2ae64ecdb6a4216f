import Runs

/// Finds the command and runs it.
enum CommandRunner {
  static func run(_ name: String?, _ context: CommandContext) throws(Problem) -> ExitCode {
    guard let name else {
      if context.arguments.has("help") { return HelpCommand.overview(context) }
      return try ShellCommand.run(context)
    }
    guard let spec = CommandTable.command(name) else { throw UsageError.unknownCommand(name).problem }
    // A script's own parameters are part of its help.
    let isScriptHelp = spec.takesParameters && !context.arguments.operands.isEmpty
    if context.arguments.has("help"), !isScriptHelp { return HelpCommand.show(spec, context) }
    if !spec.isThere { throw UsageError.notThereYet(name).problem }
    switch name {
    case "eval": return try EvalCommand.run(context)
    case "run": return try RunCommand.run(context, .run)
    case "plan": return try RunCommand.run(context, .plan)
    case "rehearse": return try RehearseCommand.run(context)
    case "apply", "resume", "retry", "undo", "settle", "runs":
      return try RunHosting.host.command(name, context)
    case "runbooks": return try RunbooksCommand.run(context)
    case "check": return try CheckCommand.run(context)
    case "fmt": return try FormatCommand.run(context)
    case "test": return try TestCommand.run(context)
    case "docs": return try DocsCommand.run(context)
    case "sandbox serve": return try SandboxServeCommand.run(context)
    case "sandbox seed": return try SandboxFileCommand.seed(context)
    case "sandbox pull": return try SandboxPullCommand.run(context)
    case "sandbox reset": return try SandboxFileCommand.reset(context)
    case "sandbox log": return try SandboxLogCommand.run(context)
    case "completions": return try CompletionsCommand.run(context)
    case "api spec-drift": return try SpecDriftCommand.run(context)
    case "api operations": return try OperationsCommand.run(context)
    case "login": return try LoginCommand.run(context)
    case "logout": return try WorkspacesCommand.logout(context)
    case "workspaces": return try WorkspacesCommand.run(context)
    case "help": return try HelpCommand.run(context)
    default: throw UsageError.notThereYet(name).problem
    }
  }
}
