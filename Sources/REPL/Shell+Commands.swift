import Glibc

extension Shell {
  func perform(_ line: ShellLine) {
    switch line {
    case .empty: break
    case .statement(let source): evaluate(source)
    case .help(let topic): help(topic)
    case .apropos(let word): apropos(word)
    case .command(let command, let argument): perform(command, argument)
    case .unknownCommand(let word): say(ShellMessages.unknownCommand(word))
    case .leave: leaves = true
    }
  }

  private func perform(_ command: ShellCommand, _ argument: String) {
    if argument.isEmpty, [.save, .load, .time, .explain].contains(command) {
      say(ShellMessages.missingArgument(command))
      return
    }
    switch command {
    case .help: argument.isEmpty ? show(ShellMessages.commands()) : help(argument)
    case .more: more()
    case .save: save(to: argument)
    case .load: load(argument)
    case .edit: editLast()
    case .time: time(argument)
    case .explain: evaluate("explain(\(argument))")
    case .stats: say(session.statistics)
    case .curl: say(session.lastRequest ?? ShellMessages.noRequest)
    case .workspace: showWorkspaces()
    case .history: showHistory(with: argument)
    case .clear: clear()
    case .quit: leaves = true
    }
  }

  private func help(_ topic: String?) {
    if let topic, topic.hasPrefix(":") {
      let command = ShellCommand(word: String(topic.dropFirst()))
      say(command.map(ShellMessages.help(on:)) ?? ShellMessages.unknownCommand(String(topic.dropFirst())))
    } else if let text = session.help(topic: topic) {
      show(text)
    } else {
      say(
        topic.map { ShellMessages.noHelp(on: $0, nearest: session.nearestTopic($0)) }
          ?? ShellMessages.commands())
    }
  }

  private func apropos(_ word: String) {
    let lines = session.apropos(word)
    if lines.isEmpty { say(ShellMessages.nothingApropos(word)) } else { show(lines.joined(separator: "\n")) }
  }

  private func showWorkspaces() {
    let here = Prompt(session.facts, columns: 300).text
    say((["here: " + here.trimmedEnd] + session.workspaces.map { "  " + $0 }).joined(separator: "\n"))
  }

  private func showHistory(with word: String) {
    let found = word.isEmpty ? history : history.filter { $0.utf8Contains(word.utf8) }
    if found.isEmpty { say(ShellMessages.emptyHistory) } else { show(found.joined(separator: "\n")) }
  }

  private func time(_ statement: String) {
    let duration = ContinuousClock().measure { evaluate(statement) }
    output.endLine()
    say(Shell.text(duration))
  }

  /// `0.012 s`: milliseconds say enough for a request.
  static func text(_ duration: Duration) -> String {
    let (seconds, attoseconds) = duration.components
    let milliseconds = String(attoseconds / 1_000_000_000_000_000)
    return "\(seconds)." + String(repeating: "0", count: max(0, 3 - milliseconds.count)) + milliseconds + " s"
  }

  // MARK: Files

  private func save(to name: String) {
    let statements = session.successfulStatements
    guard !statements.isEmpty else {
      say(ShellMessages.nothingToSave)
      return
    }
    let path = Shell.expandingHome(name)
    guard savedPaths.contains(path) || access(path, F_OK) != 0 else {
      say("error: \(path) \(ShellMessages.exists)")
      return
    }
    do {
      try TextFile.write(statements.joined(separator: "\n") + "\n", to: path)
      savedPaths.insert(path)
      say(ShellMessages.saved(statements.count, to: path))
    } catch {
      say(ShellMessages.file(error, doing: "write"))
    }
  }

  private func load(_ name: String) {
    do {
      evaluate(try TextFile.read(Shell.expandingHome(name)))
    } catch {
      say(ShellMessages.file(error, doing: "read"))
    }
  }

  static func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = Environment.value("HOME") else { return path }
    return home + path.dropFirst()
  }

  /// The last statement goes through the editor and comes back as the next line, to be run with Enter.
  private func editLast() {
    guard let editor = Shell.editor() else {
      say(ShellMessages.noEditor)
      return
    }
    let folder = Environment.value("TMPDIR") ?? "/tmp"
    let path = "\(folder)/parlance-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).parl"
    let last = history.last { !$0.hasPrefix(":") } ?? ""
    do {
      try TextFile.write(last + "\n", to: path, mode: 0o600)
      defer { unlink(path) }
      guard let child = ChildProcess.shell("\(editor) '\(path)'"), child.wait() == 0 else {
        say(ShellMessages.editorFailed)
        return
      }
      prefill = try TextFile.read(path).trimmedEnd
    } catch {
      say(ShellMessages.file(error, doing: "edit"))
    }
  }

  private static func editor() -> String? {
    for name in ["VISUAL", "EDITOR"] {
      if let chosen = Environment.value(name), !chosen.trimmed.isEmpty { return chosen }
    }
    return ["editor", "nano", "vi"].first(where: ChildProcess.isInstalled)
  }
}
