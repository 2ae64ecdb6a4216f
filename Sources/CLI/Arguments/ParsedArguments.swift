/// A command line after parsing.
struct ParsedArguments: Equatable {
  /// Values by option; a switch has one empty value.
  var options: [String: [String]] = [:]
  var operands: [String] = []
  /// Words that are for the script: `--quiet 90d`.
  var scriptWords: [String] = []

  func has(_ option: String) -> Bool { options[option] != nil }
  func value(_ option: String) -> String? { options[option]?.last }
  func values(_ option: String) -> [String] { options[option] ?? [] }
}
