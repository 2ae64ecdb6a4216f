import CEdit
import Glibc

/// What the editor draws itself, after what libedit has drawn and in the same write.
extension LineEditor {
  struct Size: Equatable {
    var columns: Int
    var rows: Int

    /// The terminal's size; 80 by 24 where it has none.
    static var current: Size {
      var size = winsize()
      guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
        return Size(columns: 80, rows: 24)
      }
      return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }
  }

  func put(_ text: String) { frame.write(text) }

  /// Prints whole lines above the one that is being typed, which stays as it is.
  func printAbove(_ text: String) {
    guard !text.isEmpty else { return }
    put(toTop() + "\u{1B}[J" + text + (text.utf8.last == 0x0A ? "" : "\n"))
    cedit_refresh(edit)
  }

  /// Takes prompt and line off the screen.
  func erase() { put(toTop() + "\u{1B}[J") }

  /// Takes the earlier lines of the statement off the screen too; all prompts are equally wide.
  func eraseStatement() {
    let columns = Size.current.columns
    let above = earlier.reduce(0) { $0 + place(of: $1, columns).row + 1 }
    put(toTop() + (above > 0 ? "\u{1B}[\(above)A" : "") + "\u{1B}[J")
  }

  /// The cursor goes to a fresh line below what is typed, which stays to be seen.
  func leaveLine(mark: String) {
    let columns = Size.current.columns
    let down = place(of: line, columns).row - place(of: textBeforeCursor, columns).row
    el_cursor(edit, Int32(clamping: cedit_length(edit)))
    let right = place(of: line, columns).column
    put((down > 0 ? "\u{1B}[\(down)B" : "") + "\r" + (right > 0 ? "\u{1B}[\(right)C" : "") + mark + "\n")
  }

  /// The terminal changed its size. Terminals that fold lines anew have put the line on as many rows as it
  /// now needs, so the rows above the cursor are counted at the new width.
  func resized() {
    put(toTop() + "\u{1B}[J")
    el_resize(edit)
    cedit_refresh(edit)
  }

  func suspend() {
    leaveLine(mark: "")
    frame.flush()
    cedit_prepare_terminal(edit, 0)
    kill(getpid(), SIGSTOP)
    cedit_prepare_terminal(edit, 1)
    el_resize(edit)
    put("\u{1B}[?2004h")
    cedit_refresh(edit)
  }

  private func toTop() -> String {
    let up = place(of: textBeforeCursor, Size.current.columns).row
    return "\r" + (up > 0 ? "\u{1B}[\(up)A" : "")
  }

  func place(of text: String, _ columns: Int) -> InputGeometry {
    InputGeometry.end(of: text.unicodeScalars, prompt: prompt.text, columns: columns)
  }
}
