import CEdit

/// Colours over what libedit has drawn. It knows nothing of them: the same characters are written again at the same
/// places, so that what it believes about the screen stays true.
extension LineEditor {
  /// Before a key is waited for, when libedit has drawn the line and its cursor stands in it.
  func paint() {
    guard let painter else { return }
    let line = self.line
    guard !line.isEmpty else { return }
    let size = Size.current
    let end = place(of: line, size.columns)
    // What is scrolled off the screen cannot be reached, and control characters are drawn as two.
    guard end.row < size.rows,
      !line.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" || $0.value == 127 })
    else { return }
    let cursor = place(of: textBeforeCursor, size.columns)
    let before = earlier.map { $0 + "\n" }.joined()
    var brush = Brush(row: cursor.row)
    let paints = painter.paints(line, earlier: before)
    var place = InputGeometry.end(of: "".unicodeScalars, prompt: prompt.text, columns: size.columns)
    for (scalar, paint) in zip(line.unicodeScalars, paints) {
      let width = CharacterWidth.of(scalar)
      let start = place.start(ofWidth: width)
      place.add(scalar)
      guard scalar != "\n", width > 0 else { continue }
      brush.put(scalar, width: width, paint, row: start.row, column: start.column)
    }
    hint(painter, before, line, end, size, &brush)
    brush.finish(row: cursor.row, column: cursor.column)
    put(brush.text)
  }

  /// Behind the line's end, where there is room for a part that tells something.
  private func hint(
    _ painter: LinePainter, _ before: String, _ line: String, _ end: InputGeometry, _ size: Size,
    _ brush: inout Brush
  ) {
    guard cedit_cursor(edit) == cedit_length(edit), !isSearching else { return }
    let room = size.columns - end.column - 3
    guard room >= 16, let hint = painter.hint(before + line, (before + line).count) else { return }
    let text = CharacterWidth.cut(hint.filter { !$0.isNewline }, to: room)
    brush.move(row: end.row, column: end.column)
    brush.raw("\u{1B}[K  \u{1B}[90m\(text)\u{1B}[0m")
    hasHint = true
  }

  /// The cursor stands where the hint begins.
  func takeHintAway() {
    guard hasHint else { return }
    hasHint = false
    put("\u{1B}[K")
  }

  /// Writes characters at places, with as few movements as may be.
  struct Brush {
    private(set) var text = "\u{1B}[?25l"
    private var row: Int
    /// Unknown after the last column of a row has been written.
    private var column: Int?
    private var paint: LinePainter.Paint?

    init(row: Int) { self.row = row }

    mutating func move(row: Int, column: Int) {
      if row == self.row, column == self.column { return }
      if row < self.row { text += "\u{1B}[\(self.row - row)A" }
      if row > self.row { text += "\u{1B}[\(row - self.row)B" }
      text += "\r" + (column > 0 ? "\u{1B}[\(column)C" : "")
      self.row = row
      self.column = column
    }

    mutating func put(
      _ scalar: Unicode.Scalar, width: Int, _ paint: LinePainter.Paint?, row: Int, column: Int
    ) {
      move(row: row, column: column)
      set(paint)
      text.unicodeScalars.append(scalar)
      self.column = column + width
    }

    mutating func raw(_ code: String) {
      set(nil)
      text += code
      column = nil
    }

    mutating func finish(row: Int, column: Int) {
      set(nil)
      self.column = nil
      move(row: row, column: column)
      text += "\u{1B}[?25h"
    }

    private mutating func set(_ paint: LinePainter.Paint?) {
      guard paint != self.paint else { return }
      text += paint.map { "\u{1B}[0;\($0.rawValue)m" } ?? "\u{1B}[0m"
      self.paint = paint
    }
  }
}
