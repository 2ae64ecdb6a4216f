import CEdit
import Glibc

/// Reading keys, and what they do beyond libedit's own.
extension LineEditor {
  func bindKeys(prefill: String) {
    add("parl-complete") { edit, _ in LineEditor.of(edit)?.tab() ?? Code.failed }
    add("parl-up") { edit, _ in LineEditor.of(edit)?.up() ?? Code.failed }
    add("parl-down") { edit, _ in LineEditor.of(edit)?.down() ?? Code.failed }
    add("parl-left") { edit, _ in LineEditor.of(edit)?.move(-1) ?? Code.failed }
    add("parl-right") { edit, _ in LineEditor.of(edit)?.move(1) ?? Code.failed }
    add("parl-backspace") { edit, _ in LineEditor.of(edit)?.backspace() ?? Code.failed }
    add("parl-delete") { edit, _ in LineEditor.of(edit)?.delete() ?? Code.failed }
    add("parl-delete-or-end") { edit, _ in LineEditor.of(edit)?.deleteOrEnd() ?? Code.failed }
    add("parl-new-line") { edit, _ in LineEditor.of(edit)?.breakLine() ?? Code.failed }
    add("parl-search") { edit, _ in LineEditor.of(edit)?.search() ?? Code.failed }
    add("parl-paste") { edit, _ in LineEditor.of(edit)?.paste() ?? Code.failed }
    add("parl-prefill") { edit, _ in
      LineEditor.of(edit)?.insertPrefill()
      return Code.refresh
    }
    for (key, function) in [
      ("^I", "parl-complete"), ("\\e[A", "parl-up"), ("\\eOA", "parl-up"), ("^P", "parl-up"),
      ("\\e[B", "parl-down"), ("\\eOB", "parl-down"), ("^N", "parl-down"), ("\\e[D", "parl-left"),
      ("\\eOD", "parl-left"), ("^B", "parl-left"), ("\\e[C", "parl-right"), ("\\eOC", "parl-right"),
      ("^F", "parl-right"), ("^?", "parl-backspace"), ("^H", "parl-backspace"), ("\\e[3~", "parl-delete"),
      ("^D", "parl-delete-or-end"), ("\\e^J", "parl-new-line"), ("\\e^M", "parl-new-line"),
      ("^R", "parl-search"), ("\\e[200~", "parl-paste"), (prefill, "parl-prefill"),
      ("\\e[H", "ed-move-to-beg"), ("\\eOH", "ed-move-to-beg"), ("\\e[1~", "ed-move-to-beg"),
      ("\\e[F", "ed-move-to-end"), ("\\eOF", "ed-move-to-end"), ("\\e[4~", "ed-move-to-end"),
      ("\\e[1;5C", "em-next-word"), ("\\e[1;5D", "ed-prev-word"), ("\\e[1;3C", "em-next-word"),
      ("\\e[1;3D", "ed-prev-word"), ("^W", "ed-delete-prev-word"), ("^U", "vi-kill-line-prev"),
    ] {
      cedit_bind(edit, key, function)
    }
  }

  /// What a key's function tells libedit to do next (CC_… of histedit.h).
  enum Code {
    static let normal = UInt8(CC_NORM)
    /// Leaves the line without one; `event` says why.
    static let leave = UInt8(CC_EOF)
    static let refresh = UInt8(CC_REFRESH)
    static let failed = UInt8(CC_ERROR)
  }

  private func add(_ name: String, _ key: @escaping cedit_key) { cedit_add_function(edit, name, name, key) }

  // MARK: Reading

  /// libedit's way to get a character: 1 and the character, or -1.
  func readKey(_ into: UnsafeMutablePointer<Int32>?) -> Int32 {
    guard let scalar = nextScalar() else { return -1 }
    into?.pointee = Int32(bitPattern: scalar.value)
    return 1
  }

  /// Waits for a key, and meanwhile lives with what else happens. Nil: `event` says why the line ends.
  func nextScalar() -> Unicode.Scalar? {
    while event == nil {
      if !injected.isEmpty { return injected.removeFirst() }
      if let scalar = decoder.next() {
        takeHintAway()
        return scalar
      }
      paint()
      frame.flush()
      var waiting = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: interrupts.readEnd, events: Int16(POLLIN), revents: 0),
      ]
      if poll(&waiting, 2, -1) < 0, errno != EINTR { event = .end }
      if waiting[1].revents != 0 { happened(interrupts.take()) }
      if event == nil, waiting[0].revents != 0 { fill() }
    }
    frame.flush()
    return nil
  }

  private func fill() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR || errno == EAGAIN { return }
    // End of input, or a terminal that went away.
    guard count > 0 else {
      event = .end
      return
    }
    // The kernel drops what was typed before a Ctrl-C: what came with it was typed after, and is kept.
    happened(interrupts.take())
    decoder.append(buffer.prefix(count))
  }

  private func happened(_ bits: UInt32) {
    // The cursor stands where the hint begins, and is about to leave.
    if bits != 0 { takeHintAway() }
    if bits & Interrupts.resizeBit != 0 { resized() }
    if bits & Interrupts.messageBit != 0 { printAbove(output.takeWaiting()) }
    if bits & Interrupts.stopBit != 0 { suspend() }
    if bits & Interrupts.interruptBit != 0 {
      injected = []
      decoder.removeAll()
      leaveLine(mark: "^C")
      event = .interrupted
    }
  }

  // MARK: Moving and deleting, by the characters that people see

  fileprivate func move(_ direction: Int) -> UInt8 {
    let step =
      direction < 0 ? lastCharacterLength(of: textBeforeCursor) : firstCharacterLength(of: textAfterCursor)
    guard step > 0 else { return Code.failed }
    el_cursor(edit, Int32(clamping: step * direction))
    return Code.refresh
  }

  fileprivate func backspace() -> UInt8 {
    let count = lastCharacterLength(of: textBeforeCursor)
    guard count > 0 else { return Code.failed }
    el_deletestr(edit, Int32(clamping: count))
    return Code.refresh
  }

  fileprivate func delete() -> UInt8 {
    let count = Int32(clamping: firstCharacterLength(of: textAfterCursor))
    guard count > 0 else { return Code.failed }
    el_cursor(edit, count)
    el_deletestr(edit, count)
    return Code.refresh
  }

  fileprivate func deleteOrEnd() -> UInt8 {
    guard line.isEmpty else { return delete() }
    put("\n")
    event = .end
    return Code.leave
  }

  fileprivate func breakLine() -> UInt8 {
    insert("\n")
    return Code.refresh
  }

  var textAfterCursor: String {
    String(String.UnicodeScalarView(line.unicodeScalars.dropFirst(cedit_cursor(edit))))
  }

  private func lastCharacterLength(of text: String) -> Int { text.last?.unicodeScalars.count ?? 0 }
  private func firstCharacterLength(of text: String) -> Int { text.first?.unicodeScalars.count ?? 0 }

  // MARK: History

  /// Up within a statement of several lines, then into the history.
  fileprivate func up() -> UInt8 {
    let before = Array(textBeforeCursor.unicodeScalars)
    if let end = before.lastIndex(of: "\n") {
      let start = before[..<end].lastIndex(of: "\n").map { $0 + 1 } ?? 0
      let column = before.count - end - 1
      el_cursor(edit, Int32(clamping: start + min(column, end - start) - before.count))
      return Code.refresh
    }
    if !earlier.isEmpty {
      eraseStatement()
      event = .reopen(line)
      return Code.leave
    }
    guard let entry = cursorInHistory.older(history, current: line) else { return Code.failed }
    replaceLine(with: entry)
    return Code.refresh
  }

  fileprivate func down() -> UInt8 {
    let all = Array(line.unicodeScalars)
    let cursor = cedit_cursor(edit)
    if let end = all[min(cursor, all.count)...].firstIndex(of: "\n") {
      let start = all[..<cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
      let length = all[(end + 1)...].prefix { $0 != "\n" }.count
      el_cursor(edit, Int32(clamping: end + 1 + min(cursor - start, length) - cursor))
      return Code.refresh
    }
    guard let entry = cursorInHistory.newer(history) else { return Code.failed }
    replaceLine(with: entry)
    return Code.refresh
  }
}
