import Glibc

/// Where the shell's lines come from.
protocol LineSource: AnyObject {
  /// The statements that the arrow keys and the search find.
  var history: History { get set }

  /// Reads one line. `earlier` are the lines of an unfinished statement before it, `prefill` what stands in
  /// the line at first.
  func readLine(_ prompt: Prompt, earlier: [String], prefill: String) -> LineEvent
}

enum LineEvent: Equatable {
  /// Accepted. May hold new lines, if the statement was recalled, pasted or broken with Alt-Enter.
  case line(String)
  /// A paste too long to edit on the screen.
  case pasted(String)
  /// The arrow up at the start of a further line: the statement is to be edited as a whole. The text is that line's.
  case reopen(String)
  case interrupted
  case end
}

/// Lines edited by the kernel: for dumb terminals. Prompt, text, nothing else.
final class PlainLineSource: LineSource {
  lazy var history: History = loadHistory()
  private let loadHistory: () -> History
  private let interrupts: Interrupts
  private let promptDescriptor: Int32
  private var decoder = UTF8ScalarDecoder()
  private var pending = String.UnicodeScalarView()

  init(loadHistory: @escaping () -> History, interrupts: Interrupts, promptDescriptor: Int32) {
    self.loadHistory = loadHistory
    self.interrupts = interrupts
    self.promptDescriptor = promptDescriptor
  }

  func readLine(_ prompt: Prompt, earlier: [String], prefill: String) -> LineEvent {
    _ = TextFile.writeAll(prompt.text, to: promptDescriptor)
    interrupts.enter(.editing)
    defer { interrupts.enter(.idle) }
    while true {
      while let scalar = decoder.next() {
        if scalar == "\n" { return .line(takePending()) }
        pending.append(scalar)
      }
      var waiting = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: interrupts.readEnd, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waiting, 2, -1) >= 0 || errno == EINTR else { return .end }
      if waiting[1].revents != 0 {
        let bits = interrupts.take()
        if bits & Interrupts.interruptBit != 0 {
          _ = takePending()
          _ = TextFile.writeAll("\n", to: promptDescriptor)
          return .interrupted
        }
        if bits & Interrupts.stopBit != 0 {
          kill(getpid(), SIGSTOP)
          _ = TextFile.writeAll("\n" + prompt.text, to: promptDescriptor)
        }
      }
      if waiting[0].revents != 0 {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(STDIN_FILENO, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { continue }
        if count <= 0 {
          guard pending.isEmpty else { return .line(takePending()) }
          _ = TextFile.writeAll("\n", to: promptDescriptor)
          return .end
        }
        decoder.append(buffer.prefix(count))
      }
    }
  }

  private func takePending() -> String {
    defer { pending = String.UnicodeScalarView() }
    return String(pending)
  }
}
