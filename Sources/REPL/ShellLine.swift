import Syntax

/// What a line at the prompt is, in the shell's terms.
enum ShellLine: Equatable {
  case empty
  /// A statement, or the first line of one. May start with `|`: it goes on from the last value then.
  case statement(String)
  case help(topic: String?)
  case apropos(String)
  case command(ShellCommand, argument: String)
  case unknownCommand(String)
  /// `exit` or `quit`, as people type it in other shells.
  case leave

  init(_ line: String) {
    let text = line.trimmed
    if text == "exit" || text == "quit" {
      self = .leave
      return
    }
    switch REPLLine(line) {
    // A pasted script may begin with a comment.
    case .empty: self = text.contains("\n") ? .statement(line.trimmedEnd) : .empty
    case .pipeFromLast(let source), .source(let source): self = .statement(source.trimmedEnd)
    case .command("help", "") where !text.hasPrefix(":"): self = .help(topic: nil)
    case .command("help", let topic) where !text.hasPrefix(":"): self = .help(topic: topic)
    case .command("apropos", let word) where !text.hasPrefix(":"): self = .apropos(word)
    case .command(let name, let argument):
      self = ShellCommand(word: name).map { .command($0, argument: argument) } ?? .unknownCommand(name)
    }
  }
}

/// The shell's commands. Their names are the raw values.
enum ShellCommand: String, CaseIterable {
  case help, more, save, load, edit, time, explain, stats, curl, workspace, history, clear, quit

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
    case .more, .edit, .stats, .curl, .workspace, .clear, .quit: ""
    }
  }

  var about: String {
    switch self {
    case .help: "these commands, or help on a topic"
    case .more: "the next of what was shown last"
    case .save: "write the statements that worked as a script"
    case .load: "run a script here"
    case .edit: "edit the last statement in $EDITOR"
    case .time: "run a statement and say how long it took"
    case .explain: "show the requests that an expression would make"
    case .stats: "requests, pages and time so far"
    case .curl: "the last request as a command for curl"
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
