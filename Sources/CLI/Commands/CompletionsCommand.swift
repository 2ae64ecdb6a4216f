import Diagnostics
import Runs

/// `parlance completions SHELL`: a script for the user's shell, made from the table of commands.
enum CompletionsCommand {
  static func run(_ context: CommandContext) throws(Problem) -> ExitCode {
    let name = try context.operand("completions", "a shell: bash, zsh or fish")
    guard let shell = CompletionScript.Shell(rawValue: name) else {
      let known = CompletionScript.Shell.allCases.map(\.rawValue)
      throw Problem(
        "there are completions for \(known.joined(separator: ", ")), not for `\(name)`",
        hints: Spelling.nearest(name, in: known).map { ["did you mean `parlance completions \($0)`?"] } ?? [],
        exit: .usage)
    }
    context.console.write(CompletionScript(shell).text)
    return .done
  }
}
