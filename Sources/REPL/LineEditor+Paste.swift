import CEdit

extension LineEditor {
  /// A bracketed paste: inserted to be edited if the screen has room for it, else handed on as a whole. It never
  /// runs by itself.
  func paste() -> UInt8 {
    var scalars: [Unicode.Scalar] = []
    let end = Array("\u{1B}[201~".unicodeScalars)
    while !scalars.suffix(end.count).elementsEqual(end) {
      guard let scalar = nextScalar() else { return Code.leave }
      scalars.append(scalar)
    }
    let text = PastedText.clean(scalars.dropLast(end.count))
    let size = Size.current
    let rows = InputGeometry.end(of: text.unicodeScalars, prompt: prompt.text, columns: size.columns).row + 1
    if rows <= max(1, size.rows / 2) {
      insert(text)
      return Code.refresh
    }
    let whole = textBeforeCursor + text + textAfterCursor
    erase()
    event = .pasted(whole)
    return Code.leave
  }
}

/// What a paste may bring into a line.
enum PastedText {
  /// Line ends become `\n`, blank ones at the end go, and control characters with them: an escape sequence in a
  /// pasted text must not reach the terminal.
  static func clean(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var result = String.UnicodeScalarView()
    var afterReturn = false
    for scalar in scalars {
      switch scalar {
      case "\r": result.append("\n")
      case "\n": if !afterReturn { result.append("\n") }
      case "\t": result.append(contentsOf: "  ".unicodeScalars)
      case _ where scalar.value < 32 || (127..<160).contains(scalar.value): break
      default: result.append(scalar)
      }
      afterReturn = scalar == "\r"
    }
    return String(result).trimmedEnd
  }
}
