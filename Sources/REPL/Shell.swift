import Glibc

/// The shell: reads statements, runs them in the session, shows what came out.
public final class Shell {
  let session: any REPLSession
  let output: TerminalOutput
  private let source: any LineSource
  private let interrupts: Interrupts
  private let historyFile: HistoryFile?
  private let pager: Pager
  private let edits: Bool
  /// Files that `:save` wrote, which it may write again.
  var savedPaths: Set<String> = []
  /// What the next line starts with.
  var prefill = ""
  var leaves = false

  public enum Failure: Error { case noDescriptors }

  /// `output` is the sink that the session prints to. `policy` is not `.script`: a script needs no shell.
  public init(session: any REPLSession, output: TerminalOutput, policy: InputPolicy = .current)
    throws(Failure)
  {
    guard let interrupts = Interrupts(session: session) else { throw .noDescriptors }
    self.session = session
    self.output = output
    self.interrupts = interrupts
    historyFile = HistoryFile.standardPath(environment: Environment.value).map { HistoryFile(path: $0) }
    let filter = SecretFilter(known: session.secrets)
    let loadHistory = { [historyFile] in History(historyFile?.load() ?? [], filter: filter) }
    var source: (any LineSource)?
    if case .editing(let colour) = policy {
      let painter = LinePainter(
        isResource: { [unowned session] in session.isResource($0) },
        hint: { [unowned session] in session.hint(line: $0, cursor: $1) })
      source = LineEditor(
        loadHistory: loadHistory, output: output, interrupts: interrupts, colour: colour, painter: painter
      ) { [unowned session] statement, cursor in
        ShellCompletion.answer(statement, cursor, session: session)
      }
    }
    edits = source != nil
    let promptDescriptor = isatty(STDOUT_FILENO) == 1 ? STDOUT_FILENO : STDERR_FILENO
    self.source =
      source
      ?? PlainLineSource(
        loadHistory: loadHistory, interrupts: interrupts, promptDescriptor: promptDescriptor)
    pager =
      edits
      ? Pager.choose(environment: Environment.value, isInstalled: ChildProcess.isInstalled)
      : Pager(command: nil)
  }

  /// Reads and runs until the user leaves.
  public func run() {
    while !leaves {
      output.endLine()
      guard let line = nextStatement() else { continue }
      perform(line)
    }
  }

  // MARK: Reading a statement

  /// Nil if there is nothing to do: the line was dropped, or the user leaves.
  private func nextStatement() -> ShellLine? {
    var lines: [String] = []
    let first = Prompt(session.facts, columns: LineEditor.Size.current.columns)
    while true {
      let prompt = lines.isEmpty ? first : Prompt.continuation(under: first)
      let start = prefill
      prefill = ""
      switch source.readLine(prompt, earlier: lines, prefill: start) {
      case .line(let text):
        lines.append(text)
        let whole = lines.joined(separator: "\n")
        let line = ShellLine(whole)
        // Two blank lines end it all the same: the error then says what is missing.
        let insists = lines.suffix(2).allSatisfy { $0.trimmed.isEmpty }
        if !insists, isUnfinished(line) { continue }
        remember(whole)
        return line
      case .reopen(let text):
        prefill = (lines + [text]).joined(separator: "\n").trimmedEnd
        lines = []
      case .pasted(let text):
        let whole = (lines + [text]).joined(separator: "\n")
        guard confirmPaste(whole) else { return nil }
        remember(whole)
        return ShellLine(whole)
      case .interrupted:
        return nil
      case .end:
        leaves = true
        return nil
      }
    }
  }

  private func isUnfinished(_ line: ShellLine) -> Bool {
    switch line {
    case .statement(let source): session.isUnfinished(source)
    case .command(.time, let source), .command(.explain, let source): session.isUnfinished(source)
    default: false
    }
  }

  /// Shows the ends of a long paste and waits for Enter.
  private func confirmPaste(_ text: String) -> Bool {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let columns = LineEditor.Size.current.columns
    let head = lines.prefix(3), tail = lines.dropFirst(3).suffix(1)
    var shown = head.map { CharacterWidth.cut(String($0), to: columns) }
    if lines.count > 4 { shown.append(ShellMessages.omitted(lines.count - 4)) }
    shown += tail.map { CharacterWidth.cut(String($0), to: columns) }
    output.write(shown.joined(separator: "\n") + "\n")
    while true {
      switch source.readLine(Prompt(ShellMessages.pasted(lines.count), .caution), earlier: [], prefill: "") {
      case .line(let answer) where answer.trimmed.isEmpty: return true
      case .line, .reopen, .pasted: continue
      case .interrupted: return false
      case .end:
        leaves = true
        return false
      }
    }
  }

  /// A history that cannot be written is no reason to disturb: it stays in memory.
  private func remember(_ text: String) {
    if source.history.add(text), let entry = source.history.entries.last { try? historyFile?.append(entry) }
  }

  var history: [String] { source.history.entries }

  // MARK: Running

  func evaluate(_ statement: String) {
    interrupts.enter(.evaluating)
    // A Ctrl-C right after Enter is meant for this statement.
    let isDropped = interrupts.take() & Interrupts.interruptBit != 0
    let outcome = isDropped ? .interrupted : session.evaluate(statement)
    interrupts.enter(.idle)
    report(outcome)
  }

  /// Shows what comes after the page that was shown last.
  func more() {
    interrupts.enter(.evaluating)
    let outcome = session.more()
    interrupts.enter(.idle)
    report(outcome)
  }

  private func report(_ outcome: REPLOutcome) {
    switch outcome {
    case .ok(nil): break
    case .ok(let text?): show(text)
    case .failed(let text):
      output.endLine()
      say(text)
    case .interrupted:
      // The terminal has written `^C` where the cursor was.
      output.write("\n" + ShellMessages.interrupted + "\n")
    }
  }

  /// Prints a text, with the pager if the screen is too small for it.
  func show(_ text: String) {
    let size = LineEditor.Size.current
    output.endLine()
    let whole = text.utf8.last == 0x0A ? text : text + "\n"
    if edits, pager.command != nil, Pager.isLong(text, columns: size.columns, rows: size.rows),
      pager.show(whole)
    {
      return
    }
    output.write(whole)
  }

  func say(_ text: String) { output.write(text.utf8.last == 0x0A ? text : text + "\n") }

  func clear() {
    if edits { output.write("\u{1B}[H\u{1B}[2J") }
    output.endEditing()
  }
}
