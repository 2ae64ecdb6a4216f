import Glibc
import Runs
import Terminal

/// What a run says: notes and progress on stderr, questions on the terminal.
final class ConsoleVoice: RunVoice {
  private let console: Console
  private var line: ProgressLine
  /// Nobody is asked: the answer is given already, or there is nobody.
  private let asks: Bool

  /// One key answers, as at a prompt; otherwise a line does.
  private let isShell: Bool
  private let isInterrupted: () -> Bool

  init(
    _ console: Console, asks: Bool, isShell: Bool = false, isInterrupted: @escaping () -> Bool = { false }
  ) {
    self.console = console
    self.asks = asks
    self.isShell = isShell
    self.isInterrupted = isInterrupted
    line = ProgressLine(
      isTerminal: TerminalDevice.standardError.isTerminal && !console.isQuiet,
      columns: { TerminalDevice.standardError.columns(environment: [:]) },
      now: {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
      },
      write: { [console] text in console.talk(text) })
  }

  func say(_ text: String) {
    line.finish()
    console.note(text)
  }

  func progress(_ text: String) { line.update(text) }

  func endProgress() { line.finish() }

  func flush() { console.flush() }

  func confirm(_ question: String, byTyping name: String) -> Bool? {
    guard asks, TerminalDevice.standardInput.isTerminal, TerminalDevice.standardError.isTerminal else {
      return nil
    }
    line.finish()
    console.flush()
    console.talk(
      "\(question) It cannot be taken back, or customers see it: type the workspace's name, \(name): ")
    return readLine(strippingNewline: true) == name
  }

  func confirm(_ question: String) -> Bool? {
    guard asks, TerminalDevice.standardInput.isTerminal, TerminalDevice.standardError.isTerminal else {
      return nil
    }
    line.finish()
    console.flush()
    console.talk("\(question) [y/N] ")
    if isShell {
      let isYes = KeyPress.read(until: isInterrupted).map { "yY".contains($0) } ?? false
      console.talk(isYes ? "yes\n" : "no\n")
      return isYes
    }
    guard let answer = readLine(strippingNewline: true) else { return false }
    return ["y", "yes"].contains(answer.lowercased())
  }
}
