import Glibc
import Synchronization

/// The terminal as the session's sink. While a line is being typed, text from other threads waits for the
/// line editor, which prints it above the line; otherwise it goes out at once.
public final class TerminalOutput: OutputSink {
  fileprivate struct State {
    var isEditing = false
    var waiting = ""
    var atLineStart = true
  }

  private let state = Mutex(State())
  private let descriptor: Int32

  public init(descriptor: Int32 = STDOUT_FILENO) { self.descriptor = descriptor }

  public func write(_ text: String) {
    guard !text.isEmpty else { return }
    let waits = state.withLock { state in
      if state.isEditing {
        state.waiting += text
        return true
      }
      state.atLineStart = text.utf8.last == 0x0A
      // Under the lock, so that two threads do not mix their lines. A terminal that is gone takes nothing.
      _ = TextFile.writeAll(text, to: descriptor)
      return false
    }
    if waits { Interrupts.wake() }
  }

  /// Begins a new line if the last one was left open, so that no prompt covers what was printed.
  func endLine() {
    if !state.withLock({ $0.atLineStart }) { write("\n") }
  }

  func beginEditing() { state.withLock { $0.isEditing = true } }

  /// From here on text goes out at once; what waited goes first.
  func endEditing() {
    let rest = state.withLock { state in
      state.isEditing = false
      state.atLineStart = true
      return State.take(&state)
    }
    write(rest)
  }

  /// The whole lines that wait.
  func takeWaiting() -> String { state.withLock { State.take(&$0) } }
}

extension TerminalOutput.State {
  fileprivate static func take(_ state: inout Self) -> String {
    defer { state.waiting = "" }
    return state.waiting
  }
}
