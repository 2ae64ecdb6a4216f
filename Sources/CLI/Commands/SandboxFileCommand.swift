import Runs
import Sandbox

/// `parlance sandbox seed` and `reset`: sandboxes as files, without a server.
enum SandboxFileCommand {
  static func seed(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("sandbox seed")
    let path = try file(context)
    var configuration = try SandboxServeCommand.seed(context)
    configuration.rateLimit = nil
    if let zone = configuration.timeZone, TimeZoneRule.named(zone) == nil {
      throw Problem("\(SandboxError.unknownTimeZone(zone))".withoutFullStop, exit: .usage)
    }
    do {
      let made = try SandboxFile.seed(path, configuration)
      context.console.note("\(path) holds \(try text(made))")
      return .done
    } catch {
      throw problem(error)
    }
  }

  static func reset(_ context: CommandContext) throws(Problem) -> ExitCode {
    try context.noOperands("sandbox reset")
    if context.arguments.has("base-url") {
      _ = try SandboxControl(context).call(.post, "/_sandbox/reset")
      context.console.note("the sandbox is as its seed made it")
      return .done
    }
    let path = try file(context, or: ", or --base-url of one that is served")
    do {
      let sandbox = try SandboxFile.open(path)
      try sandbox.reset()
      context.console.note("\(path) is as its seed made it")
      return .done
    } catch {
      throw problem(error)
    }
  }

  /// The file that `--data` names; `or` says what else would do.
  static func file(_ context: CommandContext, or other: String = "") throws(Problem) -> String {
    guard let path = context.arguments.value("data"), !path.isEmpty else {
      throw Problem("this needs --data FILE\(other)", exit: .usage)
    }
    return path
  }

  static func text(_ file: SandboxFile) throws -> String {
    try file.counts().map { "\($0.count) \($0.kind)" }.joined(separator: ", ")
  }

  static func problem(_ error: any Error) -> Problem {
    if let problem = error as? Problem { return problem }
    return Problem("\(error)".withoutFullStop, exit: .refused)
  }
}
