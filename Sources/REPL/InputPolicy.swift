import Glibc

/// How the shell meets its input, decided once from what it is connected to.
public enum InputPolicy: Equatable, Sendable {
  /// Not a terminal: the whole input is one script; no prompt, no colour.
  case script
  /// A terminal that cannot move its cursor, or whose output goes elsewhere: the kernel edits the line.
  case plain
  /// A terminal with line editing.
  case editing(colour: Bool)

  public static func decide(
    inputIsTerminal: Bool, outputIsTerminal: Bool, environment: (String) -> String?
  ) -> InputPolicy {
    guard inputIsTerminal else { return .script }
    let terminal = environment("TERM") ?? ""
    guard outputIsTerminal, terminal != "dumb", !terminal.isEmpty else { return .plain }
    return .editing(colour: (environment("NO_COLOR") ?? "").isEmpty)
  }

  /// The policy for this process.
  public static var current: InputPolicy {
    decide(
      inputIsTerminal: isatty(STDIN_FILENO) == 1, outputIsTerminal: isatty(STDOUT_FILENO) == 1,
      environment: { Environment.value($0) })
  }
}

/// The process's environment.
enum Environment {
  static func value(_ name: String) -> String? {
    guard let text = getenv(name) else { return nil }
    return String(cString: text)
  }
}
