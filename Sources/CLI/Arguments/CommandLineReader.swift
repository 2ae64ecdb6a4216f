/// Reads a command line by the table of commands.
///
/// Options may stand anywhere, as `--name value` or `--name=value`; after `--` every word is an operand.
struct CommandLineReader {
  /// The command and its words; nil for `parlance` alone.
  struct Result: Equatable {
    var command: String?
    var arguments: ParsedArguments
  }

  private var words: ArraySlice<String>
  private var arguments = ParsedArguments()

  private init(_ words: [String]) { self.words = words[...] }

  static func read(_ words: [String]) throws(UsageError) -> Result {
    var reader = CommandLineReader(words)
    return try reader.read()
  }

  private mutating func read() throws(UsageError) -> Result {
    var spec: CommandSpec?
    while let word = words.first {
      words.removeFirst()
      if word == "--" {
        arguments.operands += words
        break
      }
      if word.count > 1, word.hasPrefix("-"), !isNumber(word) {
        try option(word, of: spec)
      } else if spec == nil {
        spec = try command(word)
      } else if spec?.takesParameters == true, !arguments.operands.isEmpty {
        arguments.scriptWords.append(word)
      } else {
        arguments.operands.append(word)
      }
    }
    return Result(command: spec?.name, arguments: arguments)
  }

  private mutating func command(_ word: String) throws(UsageError) -> CommandSpec {
    if let known = CommandTable.command(word) { return known }
    let group = CommandTable.group(word)
    if !group.isEmpty {
      guard let second = words.first, !second.hasPrefix("-") else {
        if words.contains("--help") || words.contains("-h") { throw .helpOnGroup(word) }
        throw .missingSubcommand(word)
      }
      guard let known = CommandTable.command("\(word) \(second)") else {
        throw .unknownSubcommand(word, second)
      }
      words.removeFirst()
      return known
    }
    throw .unknownCommand(word)
  }

  private mutating func option(_ word: String, of spec: CommandSpec?) throws(UsageError) {
    let (name, given) = CommandLineReader.split(word)
    let known = spec?.allOptions ?? CommandTable.everywhere
    guard let option = known.first(where: { matches($0, name) }) else {
      // A script's own parameter: which words belong to it is known when the script is.
      if let spec, spec.takesParameters, word.hasPrefix("--") || !arguments.operands.isEmpty {
        arguments.scriptWords.append(word)
        return
      }
      throw .unknownOption(name, command: spec?.name, known: known.map(\.name))
    }
    switch option.value {
    case .none:
      if let given { throw .needsNoValue(option.name, given) }
      arguments.options[option.name, default: []].append("")
    case .required(let placeholder):
      guard let value = given ?? words.first else { throw .missingValue(option.name, placeholder) }
      if given == nil {
        if value.hasPrefix("--") { throw .missingValue(option.name, placeholder) }
        words.removeFirst()
      }
      if arguments.has(option.name), !option.repeats { throw .givenTwice(option.name) }
      arguments.options[option.name, default: []].append(value)
    case .optional(_, let among):
      var value = given ?? ""
      if given == nil, let next = words.first, among.contains(next) || isCount(next, of: spec) {
        value = next
        words.removeFirst()
      }
      arguments.options[option.name, default: []].append(value)
    }
  }

  private func matches(_ option: OptionSpec, _ word: String) -> Bool {
    word == "--\(option.name)" && option.name.count > 1 || option.short.map { word == "-\($0)" } == true
  }

  /// `--sandbox 100000`: a number is the option's, unless the command's own word is still to come
  /// (`eval --sandbox 1`).
  private func isCount(_ word: String, of spec: CommandSpec?) -> Bool {
    (spec == nil || !arguments.operands.isEmpty) && word.allSatisfy { $0.isASCII && $0.isNumber }
  }

  private func isNumber(_ word: String) -> Bool { word.dropFirst().first?.isNumber == true }

  /// `--name=value` in two.
  static func split(_ word: String) -> (name: String, value: String?) {
    guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }
}
