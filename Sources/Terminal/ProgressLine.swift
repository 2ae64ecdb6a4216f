/// Says how a long task is going: one line that is painted anew on a terminal, a line now and then elsewhere.
public struct ProgressLine {
  /// Between two lines where there is no terminal.
  public static let interval: Duration = .seconds(30)
  /// Between two paintings: more would only flicker.
  static let repaintInterval: Duration = .milliseconds(100)

  private let isTerminal: Bool
  private let columns: () -> Int
  private let now: () -> Duration
  private let write: (String) -> Void
  /// When something was last shown; without a terminal the first interval counts from the start.
  private var shownAt: Duration?
  private var painted = ""
  /// The newest text, shown or not.
  private var latest = ""

  /// `now` is a clock that only goes forward, from any start; `write` gets what goes to the stream.
  public init(
    isTerminal: Bool, columns: @escaping () -> Int, now: @escaping () -> Duration,
    write: @escaping (String) -> Void
  ) {
    self.isTerminal = isTerminal
    self.columns = columns
    self.now = now
    self.write = write
    shownAt = isTerminal ? nil : now()
  }

  /// The state of things. Shown if it is time.
  public mutating func update(_ text: String) {
    latest = TextWidth.visible(text)
    let time = now()
    let pause = isTerminal ? ProgressLine.repaintInterval : ProgressLine.interval
    if let shownAt, time - shownAt < pause { return }
    shownAt = time
    if isTerminal { paint(latest) } else { write(latest + "\n") }
  }

  /// A line that stays, above the one that is repainted.
  public mutating func message(_ line: String) {
    guard isTerminal, !painted.isEmpty else { return write(line + "\n") }
    write("\r\u{1B}[K" + line + "\n")
    painted = ""
    paint(latest)
  }

  /// Ends with a line that stays; without a text the painted line goes away.
  public mutating func finish(_ text: String? = nil) {
    if isTerminal, !painted.isEmpty { write("\r\u{1B}[K") }
    painted = ""
    if let text { write(text + "\n") }
  }

  private mutating func paint(_ text: String) {
    // The last column stays free: writing there moves the cursor to the next line on some terminals.
    let line = TextWidth.truncate(text, to: Swift.max(1, columns() - 1))
    if line == painted { return }
    write("\r" + line + "\u{1B}[K")
    painted = line
  }
}
