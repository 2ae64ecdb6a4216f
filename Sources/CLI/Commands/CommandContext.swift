import Diagnostics
import Runs

/// What every command is given.
struct CommandContext {
  var arguments: ParsedArguments
  var console: Console
  var environment: [String: String]

  var report: Report { Report(console) }
  var files: ScriptFile { ScriptFile(environment: environment) }

  /// An engine on the workspace that the flags name.
  func workbench(namesOnly: Bool = false, output: ((String) -> Void)? = nil) throws(Problem) -> Workbench {
    let destination = try Destination.choose(arguments, environment: environment)
    let workbench = Workbench(
      console, destination: destination, environment: environment,
      options: try ClientOptions(
        arguments, protection: try destination.protection(arguments, environment: environment)),
      zone: try destination.zone(environment: environment), namesOnly: namesOnly, output: output)
    workbench.signer = arguments.value("as")
    Signals.install(interruptFlag: workbench.engine.machine.interruptFlag)
    console.onCutOff = { [weak workbench] in workbench?.engine.interrupt() }
    return workbench
  }

  /// The one operand of a command.
  func operand(_ command: String, _ what: String) throws(Problem) -> String {
    guard let first = arguments.operands.first else {
      throw UsageError.missingOperand(command: command, what).problem
    }
    if arguments.operands.count > 1 {
      throw UsageError.tooManyOperands(command: command, arguments.operands[1]).problem
    }
    return first
  }

  func noOperands(_ command: String) throws(Problem) {
    if let word = arguments.operands.first {
      throw UsageError.tooManyOperands(command: command, word).problem
    }
  }

  func number(_ option: String, in range: ClosedRange<Int>) throws(Problem) -> Int? {
    guard let text = arguments.value(option) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw UsageError.badValue(
        option: option, text, wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)"
      ).problem
    }
    return number
  }
}
