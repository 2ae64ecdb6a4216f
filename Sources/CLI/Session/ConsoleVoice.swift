import Glibc
import Runs
import Terminal

/// What a run says: notes and progress on stderr, questions on the terminal.
final class ConsoleVoice: RunVoice {
  private let console: Console
  private var line: ProgressLine
  /// Nobody is asked: the answer is given already, or there is nobody.
  private let asks: Bool

  init(_ console: Console, asks: Bool) {
    self.console = console
    self.asks = asks
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

  func confirm(_ question: String) -> Bool? {
    guard asks, TerminalDevice.standardInput.isTerminal, TerminalDevice.standardError.isTerminal else {
      return nil
    }
    line.finish()
    console.flush()
    console.talk("\(question) [y/N] ")
    guard let answer = readLine(strippingNewline: true) else { return false }
    return ["y", "yes"].contains(answer.lowercased())
  }
}
