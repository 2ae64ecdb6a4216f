import Diagnostics

/// The shell's own words, all in one place.
enum ShellMessages {
  static func unknownCommand(_ word: String) -> String {
    let known = ShellCommand.allCases.map(\.rawValue)
    let starting = known.filter { !word.isEmpty && $0.hasPrefix(word) }
    let near = starting.isEmpty ? Spelling.nearest(word, in: known).map { [$0] } ?? [] : starting
    let hint =
      near.isEmpty
      ? "`:help` lists them" : "did you mean " + near.map { "`:\($0)`" }.joined(separator: " or ") + "?"
    return "error: there is no command `:\(word)`; \(hint)"
  }

  static func missingArgument(_ command: ShellCommand) -> String {
    "error: `:\(command.rawValue)` needs \(command == .save || command == .load ? "a file" : "an expression"):"
      + " `:\(command.rawValue) \(command.takes)`"
  }

  static func noHelp(on topic: String, nearest: String?) -> String {
    let near = nearest.map { " Did you mean `\($0)`?" } ?? ""
    return "There is no help on `\(topic)`.\(near) `apropos \(topic)` searches; `help` says where to begin."
  }

  static func nothingApropos(_ word: String) -> String { "Nothing mentions `\(word)`." }

  static func file(_ failure: TextFile.Failure, doing: String) -> String {
    "error: cannot \(doing) \(failure.path): \(failure.reason)"
  }

  static func saved(_ count: Int, to path: String) -> String {
    "\(count) statement\(count == 1 ? "" : "s") written to \(path); run it with `parlance run \(path)`"
  }

  static let noRequest = "No request has been sent."
  static let nothingToSave = "Nothing to save: no statement has worked yet."
  static let exists = "is there already; choose another name or remove it first"
  static let interrupted = "interrupted"
  static let noEditor = "error: no editor found; set EDITOR, for example `export EDITOR=nano`"
  static let editorFailed = "error: the editor ended with an error; nothing was taken over"
  static let emptyHistory = "No earlier statements."

  static func pasted(_ lines: Int) -> String { "\(lines) lines pasted. Enter runs them, Ctrl-C drops them> " }
  static func omitted(_ lines: Int) -> String { "… \(lines) more lines …" }
  static func moreCandidates(_ count: Int) -> String { "… and \(count) more" }

  static func help(on command: ShellCommand) -> String {
    ":\(command.rawValue)" + (command.takes.isEmpty ? "" : " \(command.takes)") + ": \(command.about)"
  }

  static func commands() -> String {
    let heads = ShellCommand.allCases.map { ":\($0.rawValue)" + ($0.takes.isEmpty ? "" : " \($0.takes)") }
    let width = heads.map(\.count).max() ?? 0
    let lines = zip(heads, ShellCommand.allCases).map { head, command in
      "  " + head + String(repeating: " ", count: width - head.count + 2) + command.about
    }
    let keys = [
      ("help TOPIC, TOPIC?", "help on a name, such as `help tickets.search`"),
      ("apropos WORD", "names that have to do with a word"),
      ("_", "the last value"),
      ("| count", "a line that starts with | goes on from it"),
      ("Tab, Tab Tab", "complete; list what fits"),
      ("Up, Down", "earlier statements; lines within one"),
      ("Ctrl-R", "search the history"),
      ("Alt-Enter", "a new line in the statement"),
      ("Ctrl-C, Ctrl-D", "drop the line or stop what runs; leave"),
    ].map { key, what in "  " + key + String(repeating: " ", count: max(0, 20 - key.count)) + what }
    return (lines + [""] + keys).joined(separator: "\n")
  }
}
