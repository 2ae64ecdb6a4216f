import Syntax

/// What `help` and `--help` print; all from the table of commands and from a script's declarations.
enum HelpText {
  /// Commands by what one wants to do; what is in no list comes last.
  private static let groups: [(title: String, commands: Set<String>)] = [
    ("Look", ["eval", "help"]),
    (
      "Run jobs",
      ["run", "plan", "apply", "rehearse", "resume", "retry", "undo", "settle", "runs", "runbooks"]
    ),
    ("Write scripts", ["check", "fmt", "test", "docs"]),
    ("Workspaces", ["login", "logout", "workspaces", "sandbox", "api"]),
  ]

  static func overview() -> String {
    var lines = [
      "parlance: jobs on an Intercom workspace, written down, shown before, journaled.", "",
      "  parlance                             the REPL: type `help` there; a script, if its input is a pipe",
      "  parlance eval 'contacts | count'     one expression",
      "  parlance plan remove-tag --help      a runbook that ships, before anything is sent",
    ]
    var rest = CommandTable.all.filter(\.isThere)
    for group in groups + [("More", Set(rest.compactMap { $0.words.first }))] {
      let shown = rest.filter { group.commands.contains($0.words[0]) }
      guard !shown.isEmpty else { continue }
      rest.removeAll { spec in shown.contains { $0.name == spec.name } }
      lines += ["", "\(group.title):"] + table(shown.map { ($0.name, $0.about) }, indent: 2, width: 20)
    }
    lines += ["", "Everywhere:"] + options(CommandTable.everywhere)
    lines += [
      "",
      "`parlance help COMMAND` shows a command's options, `parlance help contacts` what the language knows.",
    ]
    let missing = CommandTable.all.filter { !$0.isThere }.map(\.name)
    if !missing.isEmpty { lines.append("Not there yet: " + missing.joined(separator: ", ") + ".") }
    return lines.joined(separator: "\n") + "\n"
  }

  static func command(_ spec: CommandSpec) -> String {
    var lines = [usage(spec.name, spec.operands), "", capitalized(spec.about) + "."]
    if !spec.isThere { lines += ["It is not there yet."] }
    if !spec.options.isEmpty { lines += [""] + options(spec.options) }
    if spec.takesParameters {
      lines += ["", "A script's own parameters: parlance \(spec.name) SCRIPT --help"]
    }
    lines += ["", "Everywhere:"] + options(CommandTable.everywhere)
    if let examples = examples[spec.name] { lines += ["", "Examples:"] + examples.map { "  \($0)" } }
    return lines.joined(separator: "\n") + "\n"
  }

  static func group(_ word: String) -> String {
    let rows = CommandTable.group(word).map {
      ("parlance \($0.name)", $0.about + ($0.isThere ? "" : " (not there yet)"))
    }
    return (["parlance \(word):", ""] + table(rows, indent: 2, width: 0)).joined(separator: "\n") + "\n"
  }

  /// A script's title and parameters.
  static func script(_ script: PreparedScript, name: String, command: String) -> String {
    let needed = script.compiled.parameters.filter { !$0.hasDefault }.map {
      " --\($0.name) \(placeholder($0.type))"
    }
    var lines = [
      usage(
        "\(command) \(name)\(needed.joined())", script.compiled.parameters.isEmpty ? "" : "[--PARAM VALUE …]"),
      "",
    ]
    if let about = script.syntax.documentation { lines += [about, ""] }
    if script.compiled.parameters.isEmpty {
      lines += ["It has no parameters.", ""]
    } else {
      lines.append("Parameters:")
      let rows = script.compiled.parameters.map { parameter -> (String, String) in
        let about = [parameter.documentation, parameter.defaultText.map { "(default \($0))" } ?? "(needed)"]
        return (
          "--\(parameter.name) \(placeholder(parameter.type))", about.compactMap { $0 }.joined(separator: " ")
        )
      }
      lines += table(rows, indent: 2, width: 0) + [""]
    }
    if let spec = CommandTable.command(command) {
      lines += ["Options of `\(command)`:"] + options(spec.options)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func placeholder(_ type: TypeReference) -> String {
    (ParameterType(type) ?? .string).placeholder
  }

  private static func usage(_ name: String, _ operands: String) -> String {
    "usage: parlance \(name)" + (operands.isEmpty ? "" : " \(operands)") + " [options]"
  }

  private static func options(_ options: [OptionSpec]) -> [String] {
    table(options.map { ($0.usage, $0.about) }, indent: 2, width: 20)
  }

  /// Two columns; a left side that is too long has its text on the next line.
  static func table(_ rows: [(String, String)], indent: Int, width: Int) -> [String] {
    let most = 30
    let column = max(width, min(most, rows.map { $0.0.count }.max() ?? 0))
    let margin = String(repeating: " ", count: indent)
    return rows.flatMap { left, right -> [String] in
      if left.count > column {
        return [margin + left, margin + String(repeating: " ", count: column + 2) + right]
      }
      return [margin + left + String(repeating: " ", count: column - left.count + 2) + right]
    }
  }

  private static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }
}
