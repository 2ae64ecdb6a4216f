import Diagnostics

extension UsageError {
  /// What is wrong and what to do, as a problem to show.
  var problem: Problem {
    switch self {
    case .unknownCommand(let word):
      let nearest = Spelling.nearest(word, in: CommandTable.all.map { $0.words[0] })
      if word.hasSuffix(".parl") {
        return usage("there is no command `\(word)`", "to run the script: parlance run \(word)")
      }
      return usage(
        "there is no command `\(word)`",
        nearest.map { "did you mean `parlance \($0)`?" } ?? "`parlance help` lists the commands")
    case .missingSubcommand(let word):
      return usage("`parlance \(word)` needs one word more", "one of: " + UsageError.seconds(word))
    case .unknownSubcommand(let word, let second):
      let known = CommandTable.group(word).map { $0.words[1] }
      return usage(
        "there is no command `\(word) \(second)`",
        Spelling.nearest(second, in: known).map { "did you mean `parlance \(word) \($0)`?" }
          ?? "one of: " + UsageError.seconds(word))
    case .helpOnGroup(let word):
      return usage("`parlance \(word)` has the commands: \(UsageError.seconds(word))")
    case .unknownOption(let name, let command, let known):
      let nearest = Spelling.nearest(name.trimmingDashes, in: known.filter { $0.count > 1 })
      let help = command.map { "parlance help \($0)" } ?? "parlance help"
      return usage(
        "\(command.map { "`\($0)`" } ?? "`parlance`") has no option `\(name)`",
        nearest.map { "did you mean `--\($0)`?" } ?? "`\(help)` lists the options")
    case .missingValue(let name, let placeholder):
      return usage("`--\(name)` needs a value: --\(name) \(placeholder)")
    case .needsNoValue(let name, let given):
      return usage("`--\(name)` takes no value, and `\(given)` was given")
    case .givenTwice(let name): return usage("`--\(name)` is given twice")
    case .missingOperand(let command, let operand):
      return usage(
        "`parlance \(command)` needs \(operand)", "`parlance help \(command)` shows how it is written")
    case .tooManyOperands(let command, let word):
      return usage(
        "`parlance \(command)` does not know what to do with `\(word)`",
        command == "eval"
          ? "quote the expression: parlance eval 'contacts | count'"
          : "`parlance help \(command)` shows how it is written")
    case .badValue(let option, let given, let wanted):
      return usage("`--\(option)` takes \(wanted), not `\(given)`")
    case .excludeEachOther(let one, let other): return usage("`--\(one)` and `--\(other)` exclude each other")
    case .notThereYet(let what):
      return usage("`parlance \(what)` is not there yet", "CHANGELOG.md says what is")
    }
  }

  private func usage(_ message: String, _ hint: String? = nil) -> Problem {
    Problem(message, hints: hint.map { [$0] } ?? [], exit: .usage)
  }

  private static func seconds(_ word: String) -> String {
    CommandTable.group(word).map { "\($0.words[1])" }.joined(separator: ", ")
  }
}

extension String {
  fileprivate var trimmingDashes: String { String(drop { $0 == "-" }) }
}
