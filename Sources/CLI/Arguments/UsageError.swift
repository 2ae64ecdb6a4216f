/// Why a command line cannot be understood: the facts.
enum UsageError: Error, Equatable {
  case unknownCommand(String)
  case missingSubcommand(String)
  case unknownSubcommand(String, String)
  /// Not an error: `parlance sandbox --help`.
  case helpOnGroup(String)
  case unknownOption(String, command: String?, known: [String])
  case missingValue(String, String)
  case needsNoValue(String, String)
  case givenTwice(String)
  case missingOperand(command: String, String)
  case tooManyOperands(command: String, String)
  case badValue(option: String, String, wanted: String)
  case excludeEachOther(String, String)
  case notThereYet(String)
}
