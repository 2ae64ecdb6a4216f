import CEdit

extension LineEditor {
  /// Tab: complete, and on the second press list what fits.
  func tab() -> UInt8 {
    let current = line
    let prefix = earlier.map { $0 + "\n" }.joined()
    let statement = prefix + current
    let cursor = (prefix + textBeforeCursor).count
    let again = lineAtTab == current
    lineAtTab = nil
    let answer = complete(statement, cursor)
    switch CompletionStep.decide(answer, line: statement, cursor: cursor, again: again) {
    case .nothing:
      return Code.failed
    case .ambiguous:
      lineAtTab = current
      return Code.failed
    case .list(let candidates):
      lineAtTab = current
      let size = Size.current
      let lines = CompletionList.lines(candidates, columns: size.columns, rows: size.rows, colour: colour)
      printAbove(lines.joined(separator: "\n") + "\n")
      return Code.normal
    case .insert(let range, let text):
      // Earlier lines are not this line's to change.
      guard range.lowerBound >= prefix.count else { return Code.failed }
      let head = statement.dropFirst(prefix.count).prefix(range.lowerBound - prefix.count)
      let tail = statement.dropFirst(range.upperBound)
      let before = String(head) + text
      replaceLine(with: before + tail, cursor: before.unicodeScalars.count)
      return Code.refresh
    }
  }
}
