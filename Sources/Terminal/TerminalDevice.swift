import Glibc

/// What stands behind a file descriptor: a person's terminal, or something else.
public struct TerminalDevice: Sendable {
  public struct Size: Equatable, Sendable {
    public var columns: Int
    public var rows: Int

    public init(columns: Int, rows: Int) {
      self.columns = columns
      self.rows = rows
    }
  }

  public static let standardOutput = TerminalDevice(descriptor: STDOUT_FILENO)
  public static let standardError = TerminalDevice(descriptor: STDERR_FILENO)
  public static let standardInput = TerminalDevice(descriptor: STDIN_FILENO)

  public let descriptor: Int32

  public init(descriptor: Int32) { self.descriptor = descriptor }

  public var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Asked anew each time, as windows change; nil where there is no terminal or it does not say.
  public var size: Size? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Size(columns: Int(size.ws_col), rows: Int(size.ws_row))
  }

  /// The width to lay out for: the terminal's, else what `COLUMNS` says, else 80.
  public func columns(environment: [String: String]) -> Int {
    if let size { return size.columns }
    if let text = environment["COLUMNS"], let columns = Int(text), (1...10_000).contains(columns) {
      return columns
    }
    return 80
  }
}
