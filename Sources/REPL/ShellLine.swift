/// What a line at the prompt is: the language's, or the shell's own.
enum ShellLine: Equatable {
  case empty
  /// A statement, or the first line of one.
  case statement(String)
  case help(topic: String?)
  case apropos(String)
  case command(ShellCommand, argument: String)
  case unknownCommand(String)
  /// `exit` or `quit`, as people type it in other shells.
  case leave

  init(_ line: String) {
    let text = line.trimmed
    if text.isEmpty {
      self = .empty
    } else if text.hasPrefix(":") {
      self = ShellLine.command(in: text.dropFirst())
    } else if text == "exit" || text == "quit" {
      self = .leave
    } else if text.hasSuffix("?"), ShellLine.isTopic(text.dropLast()) {
      self = .help(topic: String(text.dropLast()))
    } else if text == "help" {
      self = .help(topic: nil)
    } else if let rest = ShellLine.rest(of: text, after: "help"), ShellLine.isTopic(rest[...]) {
      self = .help(topic: rest)
    } else if let rest = ShellLine.rest(of: text, after: "apropos"), !rest.isEmpty, !rest.contains("=") {
      self = .apropos(rest)
    } else if text.hasPrefix("|") {
      // A line that starts with `|` goes on from the last value.
      self = .statement("_ " + text)
    } else {
      self = .statement(line.trimmedEnd)
    }
  }

  private static func command(in text: Substring) -> ShellLine {
    let word = text.prefix { $0.isLetter }
    let argument = String(text.dropFirst(word.count)).trimmed
    guard let command = ShellCommand(word: String(word)) else { return .unknownCommand(String(word)) }
    return .command(command, argument: argument)
  }

  private static func rest(of text: String, after word: String) -> String? {
    guard text.hasPrefix(word) else { return nil }
    let rest = text.dropFirst(word.count)
    guard let first = rest.first, first.isWhitespace else { return nil }
    return String(rest).trimmed
  }

  /// A name, or names with points between: `tickets.search`. `|` and the other operators are topics too.
  private static func isTopic(_ text: Substring) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    if text.allSatisfy({ "|?.+-*/%<>=!&@#{}[]()_".contains($0) }) { return text.count <= 3 }
    return (first.isLetter || first == "_" || first == ".") && last != "."
      && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
  }
}

/// The shell's commands. Their names are the raw values.
enum ShellCommand: String, CaseIterable {
  case help, save, load, edit, time, explain, stats, workspace, history, clear, quit

  /// The word, or the beginning of one that no other command shares.
  init?(word: String) {
    if let exact = ShellCommand(rawValue: word) {
      self = exact
      return
    }
    let starting = ShellCommand.allCases.filter { !word.isEmpty && $0.rawValue.hasPrefix(word) }
    guard starting.count == 1, let only = starting.first else { return nil }
    self = only
  }

  var takes: String {
    switch self {
    case .help: "[TOPIC]"
    case .save, .load: "FILE"
    case .time, .explain: "EXPR"
    case .history: "[WORD]"
    case .edit, .stats, .workspace, .clear, .quit: ""
    }
  }

  var about: String {
    switch self {
    case .help: "these commands, or help on a topic"
    case .save: "write the statements that worked as a script"
    case .load: "run a script here"
    case .edit: "edit the last statement in $EDITOR"
    case .time: "run a statement and say how long it took"
    case .explain: "show the requests that an expression would make"
    case .stats: "requests, pages and time so far"
    case .workspace: "where you are, and where else you could be"
    case .history: "earlier statements, or those with a word in them"
    case .clear: "clear the screen"
    case .quit: "leave (or Ctrl-D)"
    }
  }

  var takesFile: Bool { self == .save || self == .load }
}

extension String {
  /// Without white space at the end.
  var trimmedEnd: String {
    guard let last = lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(self[...last])
  }
}
