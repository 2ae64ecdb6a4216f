import Compiler
import Diagnostics
import JSON
import Syntax

/// A script's parameters and the values that a command line gives them.
struct ScriptParameters {
  struct Given {
    var parameter: CompiledParameter
    var value: ParameterValue
    /// As the user wrote it, for messages and the journal.
    var text: String
  }

  let script: CompiledScript
  /// As the user called the script, for `--help` in messages.
  let name: String
  /// Of a local time in milliseconds, for times without an offset.
  var zone: (Int64) -> ZoneOffset = { _ in .one(0) }

  // MARK: Declarations

  /// What is wrong with the declarations themselves: a type that no parameter has, the name of an option of
  /// `run`, a default of another type.
  static func check(_ script: Script, _ compiled: CompiledScript) -> [Diagnostic] {
    var found: [Diagnostic] = []
    var isPastStatements = false
    for declaration in script.declarations {
      if case .statement = declaration { isPastStatements = true }
      guard case .param(let param) = declaration else { continue }
      let name = param.name.text
      if isPastStatements {
        found.append(
          Diagnostic(
            .error, "`param` stands before other statements", at: param.range,
            hints: ["parameters are set before anything runs"]))
      }
      if let option = CommandTable.reservedNames.first(where: { $0 == name.dashed }) {
        found.append(
          Diagnostic(
            .error, "a parameter cannot be called `\(name)`: `run` has the option `--\(option)`",
            at: param.name.range, label: "another name",
            hints: ["taken: " + CommandTable.reservedNames.joined(separator: ", ")]))
      }
      guard let type = ParameterType(param.type) else {
        found.append(unknown(param.type))
        continue
      }
      if let value = param.defaultValue, !accepts(value, type) {
        found.append(
          Diagnostic(
            .error, "the default of `\(name)` is not \(type.wanted)", at: value.range,
            label: "`\(name)` is declared as \(param.typeText)"))
      }
    }
    return found
  }

  private static func unknown(_ type: TypeReference) -> Diagnostic {
    guard case .named(let name, let argument) = type.kind else {
      return Diagnostic(.error, "a parameter cannot be of this type", at: type.range)
    }
    if name == "list", let argument {
      guard ParameterType(argument) != nil else { return unknown(argument) }
      return Diagnostic(
        .error, "a parameter is a list of single values, such as `list<string>`", at: type.range)
    }
    if name == "list" {
      return Diagnostic(
        .error, "a parameter that is a list says of what", at: type.range, label: "for example `list<string>`"
      )
    }
    if let argument { return unknown(argument) }
    let others = ["integer": "int", "number": "float", "text": "string", "boolean": "bool", "date": "time"]
    let nearest = others[name.lowercased()] ?? Spelling.nearest(name, in: ParameterType.names)
    return Diagnostic(
      .error, "there is no parameter type `\(name)`", at: type.range,
      label: nearest.map { "did you mean `\($0)`?" },
      hints: [
        "a parameter is a " + ParameterType.names.joined(separator: ", ")
          + ", or one of some texts: \"a\" | \"b\""
      ])
  }

  /// Only literals can be judged before the script runs.
  private static func accepts(_ value: Expression, _ type: ParameterType) -> Bool {
    var value = value
    if case .negate(let inner) = value.kind { value = inner }
    guard case .literal(let literal) = value.kind else { return true }
    switch (literal, type) {
    case (.null, _): return true
    case (.int, .int), (.int, .float), (.float, .float), (.bool, .bool), (.duration, .duration),
      (.time, .time):
      return true
    case (.string(let text), .choice(let words)): return words.contains(text)
    case (.string, .string), (.string, .record), (.string, .file): return true
    default: return false
    }
  }

  // MARK: Values

  /// The values that the words give; every parameter without a default has one.
  func read(_ words: [String], file: JSONValue? = nil) throws(Problem) -> [Given] {
    var given: [String: Given] = [:]
    if let file { try readFile(file, into: &given) }
    var fromWords: Set<String> = []
    var rest = words[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        throw problem("`\(word)` is no parameter", ["a value with spaces stands in quotes"])
      }
      let (flag, attached) = CommandLineReader.split(word)
      guard let parameter = parameter(String(flag.dropFirst(2))) else { throw unknown(flag) }
      let type = ParameterType(parameter.type) ?? .string
      var text = attached
      if text == nil, let next = rest.first, type != .bool || ParameterValue.truth(next) != nil,
        !next.hasPrefix("--")
      {
        text = next
        rest.removeFirst()
      }
      if text == nil, type == .bool { text = "true" }
      guard let text else { throw problem("`\(flag)` needs a value: \(type.wanted)") }
      guard fromWords.insert(parameter.name).inserted else { throw problem("`\(flag)` is given twice") }
      given[parameter.name] = try self.given(parameter, type, text)
    }
    let missing = script.parameters.filter { !$0.hasDefault && given[$0.name] == nil }
    guard missing.isEmpty else {
      let first = missing.map { "--\($0.name) \((ParameterType($0.type) ?? .string).placeholder)" }
      throw problem(
        "\(name) needs " + first.map { "`\($0)`" }.joined(separator: " and "),
        missing.compactMap { parameter in parameter.documentation.map { "\(parameter.name): \($0)" } })
    }
    for parameter in script.parameters where given[parameter.name] == nil {
      guard let type = ParameterType(parameter.type), type.isLookedUp,
        let text = ScriptParameters.plainDefault(parameter)
      else { continue }
      given[parameter.name] = try self.given(parameter, type, text)
    }
    return script.parameters.compactMap { given[$0.name] }
  }

  /// A default that names a record or a file: it is looked up as if it had been given.
  private static func plainDefault(_ parameter: CompiledParameter) -> String? {
    guard let text = parameter.defaultText else { return nil }
    let parsed = Parser.parse(SourceText(name: parameter.name, text: text))
    guard case .statement(let statement)? = parsed.script.declarations.first,
      case .expression(let expression) = statement.kind, case .literal(.string(let name)) = expression.kind
    else { return nil }
    return name
  }

  private func given(
    _ parameter: CompiledParameter, _ type: ParameterType, _ text: String
  ) throws(Problem) -> Given {
    guard let value = ParameterValue(text, as: type, zone: zone) else {
      var hints: [String] = []
      if case .choice(let words) = type, let near = Spelling.nearest(text, in: words) {
        hints.append("did you mean `\(near)`?")
      }
      if type == .time, ParameterValue(text, as: type, zone: { _ in .one(0) }) != nil {
        hints.append("the time zone skips this time or has it twice: add an offset, as in +01:00")
      }
      throw problem("`--\(parameter.name)` takes \(type.wanted), not `\(text)`", hints)
    }
    return Given(parameter: parameter, value: value, text: text)
  }

  /// `--params FILE`: a JSON object of values by parameter. Words win over it.
  private func readFile(_ json: JSONValue, into given: inout [String: Given]) throws(Problem) {
    guard let object = json.objectValue else {
      throw problem("the file of --params holds no JSON object such as {\"quiet\": \"90d\"}")
    }
    for (key, value) in object {
      guard let parameter = parameter(key) else { throw unknown("--\(key)") }
      guard let text = ScriptParameters.text(value) else {
        throw problem("the file of --params gives `\(key)` a value that no parameter has")
      }
      given[parameter.name] = try self.given(parameter, ParameterType(parameter.type) ?? .string, text)
    }
  }

  private static func text(_ value: JSONValue) -> String? {
    switch value {
    case .string(let text): return text
    case .array(let items):
      let texts = items.compactMap { $0.objectValue == nil && $0.arrayValue == nil ? text($0) : nil }
      // A comma inside an item would make two of it.
      guard texts.count == items.count, !texts.contains(where: { $0.contains(",") }) else { return nil }
      return texts.joined(separator: ",")
    case .object, .null: return nil
    default: return value.text()
    }
  }

  private func parameter(_ word: String) -> CompiledParameter? {
    script.parameters.first { $0.name == word } ?? script.parameters.first { $0.name.dashed == word }
  }

  private func unknown(_ flag: String) -> Problem {
    let names = script.parameters.map(\.name)
    let known = names + CommandTable.run.map(\.name)
    let nearest = Spelling.nearest(String(flag.dropFirst(2)), in: known)
    let list =
      names.isEmpty
      ? "it has no parameters" : "its parameters: " + names.map { "--\($0)" }.joined(separator: ", ")
    return problem(
      "\(name) has no parameter `\(flag)`", [nearest.map { "did you mean `--\($0)`?" } ?? list])
  }

  private func problem(_ message: String, _ hints: [String] = []) -> Problem {
    Problem(message, hints: hints + ["`parlance run \(name) --help` shows its parameters"], exit: .usage)
  }
}

extension String {
  /// `max_age` as an option is written: `max-age`.
  var dashed: String { String(map { $0 == "_" ? "-" : $0 }) }
}

extension ParamDeclaration {
  /// The type as one would write it.
  fileprivate var typeText: String { type.text }
}

extension TypeReference {
  /// As a script writes it.
  var text: String {
    let body: String
    switch kind {
    case .named(let name, let argument): body = argument.map { "\(name)<\($0.text)>" } ?? name
    case .choice(let words): body = words.map { "\"\($0)\"" }.joined(separator: " | ")
    case .file(let columns): body = columns.isEmpty ? "file" : "file(\(columns.joined(separator: ", ")))"
    }
    return isOptional ? body + "?" : body
  }
}
